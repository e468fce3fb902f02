import { RandomStream } from '@gankit/core';
import { expect, test } from 'vitest';
import { takeRows } from './features.ts';
import { kernelDistance } from './kernel-distance.ts';
import { gaussianKernel } from './kernels.ts';
import { maximumMeanDiscrepancy } from './maximum-mean-discrepancy.ts';
import { agreement, deviation, drawn, recorded, sets } from './references.fixture.ts';

/** A stream that leaves samples in their order, as record.py does. */
class InOrder extends RandomStream {
  override permutation(count: number): Uint32Array {
    return Uint32Array.from({ length: count }, (_, index) => index);
  }
}

test.each([
  ['AB1', sets.A, sets.B, 60],
  ['AB3', sets.A, sets.B, 20],
  ['AC1', sets.A, sets.C, 31],
  ['BC4', sets.B, sets.C, 15],
] as const)('is that of scikit-learn, over blocks that need not be even: %s', (name, a, b, blockSize) => {
  const found = kernelDistance(a, b, { blockSize, random: new InOrder(1) });
  const { distance, standardError } = recorded.kid[name];
  expect(deviation(found.distance, distance)).toBeLessThan(agreement);
  if (standardError === null) expect(found).toEqual({ distance: found.distance, blocks: 1 });
  else expect(deviation(found.standardError!, standardError)).toBeLessThan(agreement);
});

test('has no bias: of few samples of one distribution it is 0 within its error', () => {
  const { distance, standardError, blocks } = kernelDistance(drawn(41, 2000, 6), drawn(42, 2000, 6), { blockSize: 50 });
  expect(blocks).toBe(40);
  expect(Math.abs(distance)).toBeLessThan(4 * standardError!);
});

test('the discrepancy is that of scikit-learn', () => {
  const of = (bandwidth: number, estimate: 'biased' | 'unbiased') => ({
    kernel: gaussianKernel({ bandwidth }),
    estimate,
  });
  const { mmd } = recorded;
  expect(deviation(maximumMeanDiscrepancy(sets.A, sets.B, of(1.5, 'unbiased')), mmd.AB)).toBeLessThan(agreement);
  expect(deviation(maximumMeanDiscrepancy(sets.A, sets.C, of(0.7, 'biased')), mmd.AC)).toBeLessThan(agreement);
  const far = maximumMeanDiscrepancy(sets.far, sets.far2, of(2, 'unbiased'));
  expect(deviation(far, mmd['far from 0'])).toBeLessThan(agreement);
});

test('the biased discrepancy of equal sets is 0', () => {
  const options = { kernel: gaussianKernel({ bandwidth: 1 }), estimate: 'biased' } as const;
  expect(maximumMeanDiscrepancy(sets.A, sets.A, options)).toBeCloseTo(0, 15);
});

test('says what is wrong', () => {
  expect(() => kernelDistance(takeRows(sets.A, [0]), sets.B)).toThrow('at least 2 whole rows');
  expect(() => kernelDistance(sets.A, sets.wide)).toThrow(/8 numbers in a row and the generated ones 16/);
  expect(() => kernelDistance(sets.A, sets.B, { block: 3 } as object)).toThrow("'blockSize'");
});
