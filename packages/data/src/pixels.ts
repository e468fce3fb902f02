// Bytes of images: what is accepted, how they are padded, how they become numbers.
import { formatShape, GanKitError } from '@gankit/core';
import { checkShape } from './data-kind.ts';
import { typeName } from './numbers.ts';

/** Bytes from 0 to 255; a canvas gives the clamped kind. */
export type Bytes = Uint8Array | Uint8ClampedArray;

/** [height, width, channels] */
export type ImageShape = readonly [number, number, number];

/**
 * Checks that pixels are the bytes of whole images.
 * @param what What they are, for the sentence: `pixels` or `images`.
 * @returns The number of images.
 * @throws GanKitError `invalid-data` for anything else than bytes, or for a number of bytes that is not that of whole images.
 */
export function countImages(name: string, what: string, pixels: Bytes, shape: ImageShape): number {
  checkShape(name, shape);
  if (shape.length !== 3) {
    throw new GanKitError(
      'invalid-shape',
      `The ${what} of '${name}' must have a shape [height, width, channels], not ${formatShape(shape)}.`,
      { value: shape },
    );
  }
  if (!['Uint8Array', 'Uint8ClampedArray'].includes(typeName(pixels))) {
    throw new GanKitError(
      'invalid-data',
      `The ${what} of '${name}' must be bytes from 0 to 255 in a Uint8Array or Uint8ClampedArray, not ${typeName(pixels)}; for numbers in [-1, 1] use arraySet.`,
    );
  }
  const count = pixels.length / (shape[0] * shape[1] * shape[2]);
  if (Number.isInteger(count) && count > 0) return count;
  throw new GanKitError(
    'invalid-data',
    `'${name}' has ${pixels.length} bytes of ${what}, which is not a whole number of images of shape ${formatShape(shape)}; look at the shape.`,
    { value: pixels.length },
  );
}

/** Puts every image in the middle of a square of this size; an odd row or column is added below or to the right. */
export function padImages(
  pixels: Bytes,
  [height, width, channels]: ImageShape,
  size: number,
  value: number,
): Uint8Array {
  const count = pixels.length / (height * width * channels);
  const padded = new Uint8Array(count * size * size * channels).fill(value);
  const [top, left] = [(size - height) >> 1, (size - width) >> 1];
  for (let image = 0; image < count; image++) {
    for (let row = 0; row < height; row++) {
      const from = (image * height + row) * width * channels;
      padded.set(pixels.subarray(from, from + width * channels), ((image * size + top + row) * size + left) * channels);
    }
  }
  return padded;
}

const toUnit = Float32Array.from({ length: 256 }, (_, byte) => byte / 127.5 - 1);

/** Images by index, `length` bytes each, one after another: byte 0 becomes -1 and 255 becomes 1. */
export function unitRows(pixels: Bytes, length: number, indices: Uint32Array): Float32Array {
  const values = new Float32Array(indices.length * length);
  let at = 0;
  for (const index of indices) {
    const start = index * length;
    for (let offset = 0; offset < length; offset++) values[at++] = toUnit[pixels[start + offset]!]!;
  }
  return values;
}
