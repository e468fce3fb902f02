import fc from 'fast-check';
import { expect, test } from 'vitest';
import { generalize, generalizeAll, tracedBatches } from './dimension.ts';

test('a fixed size and every multiple of the batch are recognised, nothing else', () => {
  const [a, b] = tracedBatches;
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1000 }), (size) => {
      expect(generalize(size, size)).toBe(size);
      expect(generalize(size * a, size * b)).toEqual({ timesBatch: size });
      expect(generalize(size * a + 1, size * b + 1)).toBeUndefined();
    }),
  );
  expect(generalizeAll([a, 7], [b, 7])).toEqual([{ timesBatch: 1 }, 7]);
  expect(generalizeAll([a], [b, 1])).toBeUndefined();
  expect(generalizeAll([a, 3], [b, 4])).toBeUndefined();
});
