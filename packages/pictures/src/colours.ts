// One set of colours for all pictures: the colour-blind can tell them apart, on white and on dark.

/** Red, green and blue, 0 to 255. */
export type Colour = readonly [red: number, green: number, blue: number];

/** For lines and clouds, in this order (Okabe and Ito 2008, without the yellow that white swallows). */
export const palette: readonly string[] = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#56b4e9', '#e69f00'];

/** What is real in a scatter plot, and what was generated. */
export const realColour: Colour = [170, 180, 200];
export const generatedColour: Colour = [214, 69, 28];

/** The ends of ColorBrewer's scale RdBu. */
const positive: Colour = [178, 24, 43];
const negative: Colour = [33, 102, 172];
const white = 255;

/** Blue below 0, white at 0, red above: a number from -1 to 1 as a colour; what lies outside is clipped, what is no number is white. */
export function diverging(value: number): Colour {
  const strength = Number.isNaN(value) ? 0 : Math.min(1, Math.abs(value));
  const shade = (end: number) => white + (end - white) * strength;
  const [red, green, blue] = value > 0 ? positive : negative;
  return [shade(red), shade(green), shade(blue)];
}
