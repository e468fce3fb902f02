// Images as plain numbers: what the metrics of pictures take.
import { checkInteger, GanKitError } from '@gankit/core';

/** Images of one shape, one after another, channels last. */
export interface Images {
  /** [count, height, width, channels] in a flat array, in [-1, 1]. */
  readonly values: Float32Array | Float64Array;
  /** [height, width, channels] */
  readonly shape: readonly number[];
}

/**
 * Checks that images are whole.
 * @returns Their number.
 * @throws GanKitError `invalid-shape` for a shape that is not [height, width, channels], or a part of an image; `numerical` for a value that
 *   is not finite.
 */
export function countImages(what: string, { values, shape }: Images): number {
  if (shape.length !== 3) {
    throw new GanKitError(
      'invalid-shape',
      `${what} must have a shape [height, width, channels], not [${shape.join(', ')}].`,
      { value: shape },
    );
  }
  for (const size of shape) checkInteger(`each side of ${what}`, size);
  const count = values.length / shape.reduce((product, size) => product * size, 1);
  if (!Number.isInteger(count) || count === 0) {
    throw new GanKitError(
      'invalid-shape',
      `${what} have ${values.length} values, which is not a whole number of images of shape [${shape.join(', ')}].`,
      { value: values.length },
    );
  }
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return count;
  throw new GanKitError('numerical', `${what} hold ${values[bad]}; the generator has diverged.`, {
    value: values[bad],
  });
}

/** One channel of one image: [height, width]. */
export function channelOf({ values, shape }: Images, index: number, channel: number): Float64Array {
  const [height, width, channels] = shape as [number, number, number];
  const plane = new Float64Array(height * width);
  const from = index * height * width * channels + channel;
  for (let at = 0; at < plane.length; at++) plane[at] = values[from + at * channels]!;
  return plane;
}
