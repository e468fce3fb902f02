import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeNpy } from './npy.ts';

/** Reads an array as the format's description says, written apart from the encoder. */
function decode(bytes: Uint8Array) {
  const view = new DataView(bytes.buffer);
  expect(new TextDecoder('latin1').decode(bytes.subarray(0, 8))).toBe('\x93NUMPY\x01\x00');
  const end = 10 + view.getUint16(8, true);
  const header = new TextDecoder().decode(bytes.subarray(10, end));
  expect(end % 64).toBe(0);
  expect(header.endsWith('\n')).toBe(true);
  expect(header).toContain("'descr': '<f4'");
  expect(header).toContain("'fortran_order': False");
  const shape = /'shape': \(([^)]*)\)/
    .exec(header)![1]!
    .split(',')
    .map((part) => part.trim());
  const values = Array.from({ length: (bytes.length - end) / 4 }, (_, index) => view.getFloat32(end + 4 * index, true));
  return { shape: shape.filter((part) => part !== '').map(Number), values, tuple: shape };
}

test('shape and values come back', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }),
      fc.infiniteStream(fc.float({ noNaN: true })),
      (shape, stream) => {
        const count = shape.reduce((product, size) => product * size, 1);
        const values = Float32Array.from({ length: count }, () => stream.next().value!);
        const decoded = decode(encodeNpy(values, shape));
        expect(decoded.shape).toEqual(shape);
        expect(decoded.values).toEqual([...values]);
      },
    ),
  );
});

test('a shape of one axis is a tuple of one', () => {
  expect(decode(encodeNpy(new Float32Array(3), [3])).tuple).toEqual(['3', '']);
});

test('a shape that does not fit is refused', () => {
  expect(() => encodeNpy(new Float32Array(5), [2, 3])).toThrow('5 values do not fill an array of shape [2,3]');
});
