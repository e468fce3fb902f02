// What networks ask of the shape of a sample.
import { checkInteger, formatShape, GanKitError } from '@gankit/core';

/** The shape of an image: [height, width, channels]. */
export type ImageShape = readonly [height: number, width: number, channels: number];

/** The smallest side of a feature map that is still convolved with 3x3 and 4x4 kernels. */
const smallestSide = 4;

/**
 * Checks the shape of a sample or a latent: at least one axis, each of a whole size of at least 1.
 * @param option The option that gives it, for the sentence.
 * @throws GanKitError `invalid-argument` when it is none.
 */
export function checkSampleShape(option: string, shape: readonly number[]): void {
  if (!Array.isArray(shape) || shape.length === 0) {
    throw new GanKitError(
      'invalid-argument',
      `${option} must be a list of sizes without the batch axis, such as [2] or [28, 28, 1], not ${Array.isArray(shape) ? '[]' : String(shape)}.`,
      { value: shape },
    );
  }
  for (const size of shape) checkInteger(`Each size of ${option}`, size);
}

/**
 * Checks that a shape is that of an image.
 * @param what The network that asks, for the sentence: `A DCGAN`.
 * @param option `outputShape` of a generator, `inputShape` of a discriminator.
 * @throws GanKitError `invalid-shape` when it is none, `invalid-argument` for sizes that are not whole and positive.
 */
export function imageShapeOf(what: string, option: string, shape: readonly number[]): ImageShape {
  checkSampleShape(option, shape);
  if (shape.length === 3) return shape as unknown as ImageShape;
  throw new GanKitError(
    'invalid-shape',
    `${what} needs an ${option} of images, [height, width, channels], not ${formatShape(shape)}; an MLP takes any shape.`,
    { value: shape },
  );
}

/** How often both sides can be halved exactly without falling under 4. */
export function halvings([height, width]: ImageShape): number {
  let count = 0;
  while ([height, width].every((side) => side % 2 ** (count + 1) === 0 && side / 2 ** (count + 1) >= smallestSide)) {
    count++;
  }
  return count;
}

/**
 * How often an image can be halved, which must be at least once.
 * @throws GanKitError `invalid-shape` when it cannot be.
 */
export function someHalvings(what: string, imageShape: ImageShape): number {
  const count = halvings(imageShape);
  if (count > 0) return count;
  throw new GanKitError(
    'invalid-shape',
    `${what} needs images [height, width, channels] whose sides are even and at least ${2 * smallestSide}, not ${formatShape(imageShape)}; pad or crop them, for example to 32 x 32.`,
    { value: imageShape },
  );
}

/** How often both sides can be halved exactly, at most `most` times. */
export function halvingsUpTo(most: number, [height, width]: ImageShape): number {
  let count = 0;
  while (count < most && height % 2 ** (count + 1) === 0 && width % 2 ** (count + 1) === 0) count++;
  return count;
}

/**
 * Checks that an image can be halved `count` times exactly, and gives the height and width that are left.
 * @throws GanKitError `invalid-shape` when it cannot.
 */
export function halved(what: string, [height, width, channels]: ImageShape, count: number): [number, number] {
  const divisor = 2 ** count;
  if (height % divisor === 0 && width % divisor === 0) return [height / divisor, width / divisor];
  throw new GanKitError(
    'invalid-shape',
    `${what} halves its images ${count} times, and ${formatShape([height, width, channels])} cannot be; use sides that ${divisor} divides or fewer stages.`,
    { value: [height, width, channels] },
  );
}
