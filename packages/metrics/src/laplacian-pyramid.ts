// Laplacian pyramids: an image as one picture of details for each scale, and what remains.

/** One channel of a picture. */
export interface Plane {
  /** [height, width] */
  readonly values: Float64Array;
  readonly height: number;
  readonly width: number;
}

/** The binomial filter of Burt and Adelson 1983, in one direction. */
const filter = [1 / 16, 4 / 16, 6 / 16, 4 / 16, 1 / 16];
const reach = 2;

/** Index of a sample beyond the border: mirrored about the last one, which is not repeated. */
function mirrored(index: number, length: number): number {
  if (length === 1) return 0;
  const period = 2 * (length - 1);
  const within = ((index % period) + period) % period;
  return within < length ? within : period - within;
}

/** Blurs in both directions. */
function blur({ values, height, width }: Plane): Plane {
  const across = new Float64Array(values.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let k = -reach; k <= reach; k++) sum += filter[k + reach]! * values[y * width + mirrored(x + k, width)]!;
      across[y * width + x] = sum;
    }
  }
  const both = new Float64Array(values.length);
  for (let y = 0; y < height; y++) {
    for (let k = -reach; k <= reach; k++) {
      const from = mirrored(y + k, height) * width;
      for (let x = 0; x < width; x++) both[y * width + x]! += filter[k + reach]! * across[from + x]!;
    }
  }
  return { values: both, height, width };
}

/** Blurred, every second row and column. */
export function halved(plane: Plane): Plane {
  const { values, width } = blur(plane);
  const [height, wide] = [Math.ceil(plane.height / 2), Math.ceil(plane.width / 2)];
  const small = new Float64Array(height * wide);
  for (let y = 0; y < height; y++) for (let x = 0; x < wide; x++) small[y * wide + x] = values[2 * y * width + 2 * x]!;
  return { values: small, height, width: wide };
}

/** Zeros between rows and columns, blurred, times 4. */
function doubled({ values, height, width }: Plane): Plane {
  const large = new Float64Array(4 * values.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) large[4 * y * width + 2 * x] = 4 * values[y * width + x]!;
  }
  return blur({ values: large, height: 2 * height, width: 2 * width });
}

/**
 * Details at each scale from the finest, and the smallest picture at the end. Their sum, each brought to full size, is the image.
 * Source: Burt and Adelson 1983; borders are mirrored, as in Karras et al. 2018.
 * @param levels Pictures, at least 1; both sides must be even at all but the last.
 */
export function laplacianPyramid(image: Plane, levels: number): readonly Plane[] {
  const pyramid: Plane[] = [image];
  while (pyramid.length < levels) pyramid.push(halved(pyramid.at(-1)!));
  return pyramid.map((plane, level) => {
    const smaller = pyramid[level + 1];
    if (smaller === undefined) return plane;
    const coarse = doubled(smaller).values;
    return { ...plane, values: plane.values.map((value, at) => value - coarse[at]!) };
  });
}
