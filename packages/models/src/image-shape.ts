// What convolutional networks ask of the shape of an image.
import { checkInteger, formatShape, GanKitError } from '@gankit/core';

/** The shape of an image: [height, width, channels]. */
export type ImageShape = readonly [height: number, width: number, channels: number];

/** The smallest side of a feature map that is still convolved with 3x3 and 4x4 kernels. */
const smallestSide = 4;

/** How often both sides can be halved exactly without falling under 4. */
export function halvings([height, width]: ImageShape): number {
  let count = 0;
  while ([height, width].every((side) => side % 2 ** (count + 1) === 0 && side / 2 ** (count + 1) >= smallestSide)) {
    count++;
  }
  return count;
}

/**
 * Checks that an image can be halved at least once, and gives how often.
 * @param what The network that asks, for the sentence: `A DCGAN`.
 * @throws GanKitError `invalid-shape` when it cannot, `invalid-argument` for sizes that are not whole and positive.
 */
export function checkImageShape(what: string, imageShape: ImageShape): number {
  imageShape.forEach((size) => {
    checkInteger('Each size of imageShape', size);
  });
  const count = halvings(imageShape);
  if (imageShape.length !== 3 || count === 0) {
    throw new GanKitError(
      'invalid-shape',
      `${what} needs images [height, width, channels] whose sides are even and at least ${2 * smallestSide}, not ${formatShape(imageShape)}; pad or crop them, for example to 32 x 32.`,
      { value: imageShape },
    );
  }
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
