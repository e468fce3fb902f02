import { gzipSync } from 'fflate';
import { expect, test } from 'vitest';
import { parseIdx } from './idx.ts';

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

test.each([
  ['a wrong magic number', Uint8Array.from([0, 0, 9, 1, 0, 0, 0, 0]), /starts with 00 00 09 01/],
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
