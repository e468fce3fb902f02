import { GanKitError } from '@gankit/core';

/** The header ends at a multiple of this many bytes. */
const alignment = 64;

/**
 * The bytes of a NumPy `.npy` file, version 1.0, little-endian float32 in C order.
 * https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 * @throws GanKitError `invalid-shape` when the number of values is not the product of the shape.
 */
export function encodeNpy(values: Float32Array, shape: readonly number[]): Uint8Array {
  if (shape.reduce((product, size) => product * size, 1) !== values.length) {
    throw new GanKitError('invalid-shape', `${values.length} values do not fill an array of shape [${shape}].`);
  }
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const dictionary = `{'descr': '<f4', 'fortran_order': False, 'shape': ${tuple}, }`;
  const magicLength = 10;
  const headerLength = Math.ceil((magicLength + dictionary.length + 1) / alignment) * alignment;
  const header = `${dictionary.padEnd(headerLength - magicLength - 1)}\n`;
  const bytes = new Uint8Array(headerLength + 4 * values.length);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length & 0xff, header.length >> 8]);
  bytes.set(new TextEncoder().encode(header), magicLength);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => {
    view.setFloat32(headerLength + 4 * index, value, true);
  });
  return bytes;
}
