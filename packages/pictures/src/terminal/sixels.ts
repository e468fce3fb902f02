import type { Picture } from '../picture.ts';

/** Levels of red, green and blue: a cube of 6 x 7 x 6 colours, which terminals with 256 registers have. */
const levels = [6, 7, 6] as const;
/** A sixel is six pixels high. */
const band = 6;

/** The colour of each pixel, by its number in the cube. */
function quantized({ data }: Picture): Uint8Array {
  return Uint8Array.from({ length: data.length / 3 }, (_, pixel) => {
    const [red, green, blue] = levels.map((count, channel) =>
      Math.round((data[3 * pixel + channel]! * (count - 1)) / 255),
    );
    return (red! * levels[1] + green!) * levels[2] + blue!;
  });
}

/** `count` times the same sixel. */
function repeated(sixel: string, count: number): string {
  return count > 3 ? `!${count}${sixel}` : sixel.repeat(count);
}

/** A picture in the sixel format of DEC's terminals. @param picture In colour, without alpha. */
export function sixels(picture: Picture): string {
  const { width, height } = picture;
  const colours = quantized(picture);
  const percent = (level: number, count: number) => Math.round((100 * level) / (count - 1));
  const registers = [...new Set(colours)].map((colour) => {
    const [red, green, blue] = [
      Math.floor(colour / (levels[1] * levels[2])),
      Math.floor(colour / levels[2]) % levels[1],
      colour % levels[2],
    ];
    return `#${colour};2;${percent(red, levels[0])};${percent(green, levels[1])};${percent(blue, levels[2])}`;
  });
  const bands: string[] = [];
  for (let top = 0; top < height; top += band) {
    const rows = Math.min(band, height - top);
    const present = [...new Set(colours.subarray(top * width, (top + rows) * width))];
    const lines = present.map((colour) => {
      let line = `#${colour}`;
      let [before, count] = ['', 0];
      for (let column = 0; column < width; column++) {
        let bits = 0;
        for (let row = 0; row < rows; row++) if (colours[(top + row) * width + column] === colour) bits |= 1 << row;
        const sixel = String.fromCharCode(63 + bits);
        if (sixel === before) count++;
        else {
          line += repeated(before, count);
          [before, count] = [sixel, 1];
        }
      }
      return line + repeated(before, count);
    });
    bands.push(lines.join('$'));
  }
  return `\u001bPq"1;1;${width};${height}${registers.join('')}${bands.join('-')}\u001b\\\n`;
}
