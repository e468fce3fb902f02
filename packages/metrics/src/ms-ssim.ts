// Multi-scale structural similarity of pairs of images: how alike the samples of a generator are.
import { checkInteger, checkOptions, GanKitError, RandomStream } from '@gankit/core';
import { channelOf, countImages, type Images } from './images.ts';
import type { Plane } from './laplacian-pyramid.ts';

/** Weights of the scales from the finest (Wang et al. 2003, section 4). */
const weights = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333];
/** The window of Wang et al. 2004: 11 wide, standard deviation 1.5. */
const windowSize = 11;
const window = (() => {
  const bell = Array.from({ length: windowSize }, (_, at) =>
    Math.exp(-((at - (windowSize - 1) / 2) ** 2) / (2 * 1.5 ** 2)),
  );
  const sum = bell.reduce((total, value) => total + value, 0);
  return bell.map((value) => value / sum);
})();
/** Values lie in [-1, 1]. */
const range = 2;
const [c1, c2] = [(0.01 * range) ** 2, (0.03 * range) ** 2];

/** Means under the window, where it lies wholly inside. */
function windowed(values: Float64Array, height: number, width: number): Float64Array {
  const [high, wide] = [height - windowSize + 1, width - windowSize + 1];
  const across = new Float64Array(height * wide);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < wide; x++) {
      let sum = 0;
      for (let k = 0; k < windowSize; k++) sum += window[k]! * values[y * width + x + k]!;
      across[y * wide + x] = sum;
    }
  }
  const both = new Float64Array(high * wide);
  for (let y = 0; y < high; y++) {
    for (let k = 0; k < windowSize; k++) {
      for (let x = 0; x < wide; x++) both[y * wide + x]! += window[k]! * across[(y + k) * wide + x]!;
    }
  }
  return both;
}

/** Structural similarity, and its contrast and structure alone, each a mean over the places of the window. */
function similarity(a: Plane, b: Plane): { readonly whole: number; readonly contrast: number } {
  const { height, width } = a;
  const product = (x: Float64Array, y: Float64Array) => x.map((value, at) => value * y[at]!);
  const mean = (values: Float64Array) => windowed(values, height, width);
  const [ma, mb] = [mean(a.values), mean(b.values)];
  const [aa, bb, ab] = [
    mean(product(a.values, a.values)),
    mean(product(b.values, b.values)),
    mean(product(a.values, b.values)),
  ];
  let [whole, contrast] = [0, 0];
  for (let at = 0; at < ma.length; at++) {
    const [x, y] = [ma[at]!, mb[at]!];
    const structure = (2 * (ab[at]! - x * y) + c2) / (aa[at]! - x * x + bb[at]! - y * y + c2);
    contrast += structure;
    whole += ((2 * x * y + c1) / (x * x + y * y + c1)) * structure;
  }
  return { whole: whole / ma.length, contrast: contrast / ma.length };
}

/** Means of 2 x 2; an odd row or column at the end is left out. */
function halved({ values, height, width }: Plane): Plane {
  const [high, wide] = [Math.floor(height / 2), Math.floor(width / 2)];
  const small = new Float64Array(high * wide);
  for (let y = 0; y < high; y++) {
    for (let x = 0; x < wide; x++) {
      const at = 2 * y * width + 2 * x;
      small[y * wide + x] = (values[at]! + values[at + 1]! + values[at + width]! + values[at + width + 1]!) / 4;
    }
  }
  return { values: small, height: high, width: wide };
}

/** Scales that leave room for the window, at most 5. */
function scalesOf(height: number, width: number): number {
  let [scales, side] = [0, Math.min(height, width)];
  for (; scales < weights.length && side >= windowSize; side = Math.floor(side / 2)) scales++;
  return scales;
}

/**
 * The similarity of two images, 0 to 1: contrast and structure at every scale, and luminance at the last, each to the power of its weight.
 * Negative ones count as 0. Small images have fewer than 5 scales; the weights of those that they have are scaled to a sum of 1.
 */
function pairSimilarity(first: Images, i: number, second: Images, j: number, scales: number): number {
  const [height, width, channels] = first.shape as [number, number, number];
  const total = weights.slice(0, scales).reduce((sum, weight) => sum + weight, 0);
  let mean = 0;
  for (let channel = 0; channel < channels; channel++) {
    let a: Plane = { values: channelOf(first, i, channel), height, width };
    let b: Plane = { values: channelOf(second, j, channel), height, width };
    let product = 1;
    for (let scale = 0; scale < scales; scale++) {
      const { whole, contrast } = similarity(a, b);
      const part = scale === scales - 1 ? whole : contrast;
      product *= Math.max(part, 0) ** (weights[scale]! / total);
      if (scale < scales - 1) [a, b] = [halved(a), halved(b)];
    }
    mean += product / channels;
  }
  return mean;
}

function checkImages(what: string, images: Images): { readonly count: number; readonly scales: number } {
  const count = countImages(what, images);
  const [height, width] = images.shape as [number, number];
  const scales = scalesOf(height, width);
  if (scales > 0) return { count, scales };
  throw new GanKitError(
    'invalid-shape',
    `MS-SSIM looks through a window of ${windowSize} x ${windowSize}, and ${what} are ${height} x ${width}; take larger images.`,
    { value: images.shape },
  );
}

/**
 * MS-SSIM of each image with the one at the same place of the other set.
 * Source: Wang, Simoncelli and Bovik 2003.
 * @returns [count], each 0 to 1; 1 for equal images.
 * @throws GanKitError `invalid-shape` for images smaller than 11 x 11, `incompatible` for sets of different shapes or sizes.
 */
export function msSsim(first: Images, second: Images): Float64Array {
  const { count, scales } = checkImages('the first images', first);
  const other = checkImages('the second images', second);
  if (first.shape.join() !== second.shape.join() || count !== other.count) {
    throw new GanKitError(
      'incompatible',
      `MS-SSIM compares images in pairs, not ${count} of [${first.shape.join(', ')}] with ${other.count} of [${second.shape.join(', ')}].`,
    );
  }
  return Float64Array.from({ length: count }, (_, index) => pairSimilarity(first, index, second, index, scales));
}

export interface MsSsimDiversityOptions {
  /** Pairs of different images that are drawn; 1,000 when absent, or all there are when they are fewer. */
  readonly pairs?: number | undefined;
  /** Where the pairs are drawn from; a stream of its own, the same each time, when absent. */
  readonly random?: RandomStream | undefined;
}

/**
 * The mean similarity of random pairs of samples: the higher, the less diverse. It says nothing of quality; compare it with that of the
 * data, and within a class.
 * Source: Odena, Olah and Shlens 2017, section 4.2.
 * @throws GanKitError `invalid-shape` for fewer than 2 images, or images smaller than 11 x 11.
 */
export function msSsimDiversity(images: Images, options: MsSsimDiversityOptions = {}): number {
  checkOptions('msSsimDiversity', options, { pairs: 'optional', random: 'optional' });
  const { pairs = 1000, random = new RandomStream('ms-ssim') } = options;
  checkInteger('pairs', pairs);
  const { count, scales } = checkImages('the images', images);
  if (count < 2) throw new GanKitError('invalid-shape', 'Diversity needs at least 2 images, not 1.', { value: count });
  const all = (count * (count - 1)) / 2;
  let total = 0;
  if (all <= pairs) {
    for (let i = 0; i < count; i++) for (let j = 0; j < i; j++) total += pairSimilarity(images, i, images, j, scales);
    return total / all;
  }
  for (let pair = 0; pair < pairs; pair++) {
    const i = random.integer(count);
    const j = random.integer(count - 1);
    total += pairSimilarity(images, i, images, j < i ? j : j + 1, scales);
  }
  return total / pairs;
}
