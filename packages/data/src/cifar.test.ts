// Records of CIFAR by hand, straight from the format's description.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseCifar } from './cifar.ts';

/** One record: labels, then a red, a green and a blue plane, each of one value but for its first pixel. */
function record(labels: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(labels.length + 3072);
  bytes.set(labels);
  [10, 20, 30].forEach((value, channel) => {
    bytes.fill(value, labels.length + 1024 * channel, labels.length + 1024 * (channel + 1));
    bytes[labels.length + 1024 * channel] = value + 1;
  });
  return bytes;
}

test('CIFAR-10 has one label, and its planes become channels', () => {
  const { pixels, labels, coarseLabels } = parseCifar(Buffer.concat([record([3]), record([9])]), 'cifar-10', 'a.bin');
  expect([...labels]).toEqual([3, 9]);
  expect(coarseLabels).toBeUndefined();
  expect([...pixels.subarray(0, 6)]).toEqual([11, 21, 31, 10, 20, 30]);
  expect([...pixels.subarray(-3)]).toEqual([10, 20, 30]);
});

test('CIFAR-100 has a coarse label and a fine one', () => {
  const { labels, coarseLabels } = parseCifar(record([19, 99]), 'cifar-100', 'a.bin');
  expect([[...labels], [...coarseLabels!]]).toEqual([[99], [19]]);
});

test.each([
  ['a file cut short', record([1]).subarray(1), /3072 bytes, which are no whole number of cifar-10's records of 3073/],
  ['an empty file', new Uint8Array(0), /0 bytes/],
  ['a label beyond the classes', record([10]), /has the label 10 at image 0, and cifar-10 has 10 classes/],
])('%s is refused', (_, bytes, message) => {
  expect(() => parseCifar(bytes, 'cifar-10', 'a.bin')).toThrow(message);
});

test('any bytes are records or one of our sentences', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(3), (bytes, times) => {
      const file = Buffer.concat([...Array(times)].map(() => record([1])).concat(bytes));
      try {
        expect(parseCifar(file, 'cifar-10', 'a').labels.length).toBe(file.length / 3073);
      } catch (error) {
        expect((error as Error).message).toMatch(/^'a' has /);
      }
    }),
  );
});
