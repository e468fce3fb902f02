import { gzipSync } from 'fflate';
import { expect, test } from 'vitest';
import { parseIdx, parseIdxNumbers } from './idx.ts';

/** An IDX file by hand, straight from the format's description. */
function idx(shape: readonly number[], values: readonly number[]): Uint8Array {
  const sizes = shape.flatMap((size) => [size >>> 24, (size >>> 16) & 255, (size >>> 8) & 255, size & 255]);
  return Uint8Array.from([0, 0, 8, shape.length, ...sizes, ...values]);
}

const file = idx([2, 1, 3], [1, 2, 3, 253, 254, 255]);

test('shape and values are read, plain and gzipped', () => {
  for (const bytes of [file, gzipSync(file)]) {
    const { shape, data } = parseIdx(bytes, 'images');
    expect(shape).toEqual([2, 1, 3]);
    expect([...data]).toEqual([1, 2, 3, 253, 254, 255]);
  }
});

test('a view into a larger buffer is read where it begins', () => {
  const larger = new Uint8Array(file.length + 7);
  larger.set(file, 7);
  expect(parseIdx(larger.subarray(7), 'images').shape).toEqual([2, 1, 3]);
});

test('every type of the format is read, big-endian', () => {
  const whole = (type: number, bytes: readonly number[], count: number) =>
    parseIdxNumbers(Uint8Array.from([0, 0, type, 1, 0, 0, 0, count, ...bytes]), 'labels');
  expect(whole(9, [255, 1], 2)).toEqual({ type: 'int8', shape: [2], data: Int8Array.from([-1, 1]) });
  expect(whole(11, [1, 0], 1)).toEqual({ type: 'int16', shape: [1], data: Int16Array.from([256]) });
  expect(whole(12, [0, 0, 1, 2], 1)).toEqual({ type: 'int32', shape: [1], data: Int32Array.from([258]) });
  expect(whole(13, [0x3f, 0xc0, 0, 0], 1)).toEqual({ type: 'float32', shape: [1], data: Float32Array.from([1.5]) });
  expect(whole(14, [0xbf, 0xf8, 0, 0, 0, 0, 0, 0], 1).data).toEqual(Float64Array.from([-1.5]));
});

test.each([
  ['a wrong magic number', Uint8Array.from([0, 0, 10, 1, 0, 0, 0, 0]), /starts with 00 00 0a 01/],
  [
    'numbers where bytes belong',
    Uint8Array.from([0, 0, 13, 1, 0, 0, 0, 1, 0, 0, 0, 0]),
    /of float32, not of unsigned bytes/,
  ],
  [
    'a gzip stream that says it unpacks to 4 GB',
    Uint8Array.from([...gzipSync(file).slice(0, -4), 255, 255, 255, 255]),
    /damaged gzip/,
  ],
  ['a text', new TextEncoder().encode('<html>'), /starts with 3c 68 74 6d/],
  ['nothing', new Uint8Array(0), /starts with nothing/],
  ['a header that ends early', file.slice(0, 9), /ends inside its header \(9 bytes\)/],
  ['a truncated file', file.slice(0, -1), /truncated: its header says \[2, 1, 3\], 22 bytes, but it has 21/],
  ['a file that goes on', Uint8Array.from([...file, 0]), /too long/],
  ['a damaged gzip stream', gzipSync(file).slice(0, 15), /damaged gzip/],
])('%s is refused in one sentence that names the file', (_, bytes, message) => {
  const parse = () => parseIdx(bytes, 'data/train-images');
  expect(parse).toThrow(message);
  expect(parse).toThrow("'data/train-images'");
});
