// .npy files that NumPy wrote (node/recorded/record.py), and damaged ones.
import { readFileSync } from 'node:fs';
import { GanKitError } from '@gankit/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeNpy } from '../npy.ts';
import { parseNpy } from './npy-array.ts';

const recorded = (name: string) => readFileSync(new URL(`../node/recorded/${name}.npy`, import.meta.url));
const counted = Array.from({ length: 24 }, (_, index) => index);

test.each([
  ['uint8', 'uint8', [2, 3, 4], counted],
  ['big-endian', 'uint16', [2, 3, 4], counted],
  ['fortran', 'float64', [2, 3, 4], counted],
  ['fortran-bytes', 'uint8', [2, 3, 4], counted],
  ['float16', 'float16', [2, 3, 4], counted.map((index) => index / 8 - 1)],
  ['int64', 'int64', [24], counted],
  ['bool', 'bool', [24], counted.map((index) => index % 2)],
  ['scalar', 'float32', [], [3.5]],
])('%s', (name, type, shape, values) => {
  const array = parseNpy(recorded(name), name);
  expect({ ...array, data: Array.from(array.data) }).toEqual({ type, shape, data: values });
});

test('what our own encoder writes is read', () => {
  const array = parseNpy(encodeNpy(Float32Array.from([1, 2, 3]), [3]), 'own');
  expect(array).toEqual({ type: 'float32', shape: [3], data: Float32Array.from([1, 2, 3]) });
});

/** A file with a header of ours, as version 1.0. */
function withHeader(header: string, length = 0): Uint8Array {
  const bytes = new Uint8Array(10 + header.length + length);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length & 255, header.length >> 8]);
  bytes.set(new TextEncoder().encode(header), 10);
  return bytes;
}

test.each([
  ['Python objects', recorded('objects'), /holds Python objects \(pickle\)/],
  ['another file', new TextEncoder().encode('<html>'), /is not a .npy file/],
  [
    'a file cut short',
    recorded('uint8').subarray(0, -1),
    /was cut short: its header says \[2, 3, 4\] of uint8, 24 bytes, but it has 23/,
  ],
  ['a file that goes on', Buffer.concat([recorded('uint8'), Buffer.of(1)]), /goes on after its end/],
  ['half a header', recorded('uint8').subarray(0, 40), /ends inside its header/],
  ['a shape beyond all memory', withHeader("{'descr': '<f8', 'shape': (99999999, 99999999), }"), /was cut short/],
  ['complex numbers', withHeader("{'descr': '<c8', 'shape': (1,), }"), /values of the type '<c8'/],
  ['records', withHeader("{'descr': [('a', '<f4')], 'shape': (1,), }"), /records of several fields/],
  ['no shape', withHeader("{'descr': '<f4'}"), /without a shape/],
])('%s is refused in one sentence', (_, bytes, message) => {
  expect(() => parseNpy(bytes, 'a.npy')).toThrow(message);
});

test('is an array or one of our sentences, however it is damaged', () => {
  const files = ['uint8', 'fortran', 'float16', 'objects'].map(recorded);
  const changes = fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { maxLength: 6 });
  fc.assert(
    fc.property(fc.constantFrom(...files), changes, fc.nat(330), (file, edits, length) => {
      const bytes = Uint8Array.from(file.subarray(0, length));
      for (const [at, byte] of edits) if (at < bytes.length) bytes[at] = byte;
      try {
        const { shape, data } = parseNpy(bytes, 'a.npy');
        expect(shape.reduce((product, size) => product * size, 1)).toBe(data.length);
      } catch (error) {
        expect(GanKitError.isInstance(error)).toBe(true);
      }
    }),
    { numRuns: 2000 },
  );
});
