import fc from 'fast-check';
import { expect, test } from 'vitest';
import { takeRows } from './features.ts';
import { MomentAccumulator, momentsOf } from './moments.ts';
import { agreement, deviation, drawn, recorded, sets } from './references.fixture.ts';

test('mean and covariance are those of numpy', () => {
  const { mean, covariance, count } = momentsOf(sets.A);
  expect(count).toBe(60);
  mean.forEach((value, at) => {
    expect(deviation(value, recorded.moments.mean[at]!)).toBeLessThan(1e-12);
  });
  covariance.forEach((value, at) => {
    expect(deviation(value, recorded.moments.covariance[at]!)).toBeLessThan(1e-12);
  });
});

test('however samples are divided into batches, their moments are the same', () => {
  const whole = momentsOf(sets.A);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 25 }), { minLength: 1, maxLength: 12 }), (sizes) => {
      const accumulator = new MomentAccumulator(8);
      let from = 0;
      for (const size of [...sizes, 60]) {
        const rows = Array.from({ length: Math.min(size, 60 - from) }, (_, index) => from + index);
        if (rows.length > 0) accumulator.add(takeRows(sets.A, rows));
        from += rows.length;
      }
      const { mean, covariance, count } = accumulator.moments();
      expect(count).toBe(60);
      mean.forEach((value, at) => {
        expect(deviation(value, whole.mean[at]!)).toBeLessThan(1e-12);
      });
      covariance.forEach((value, at) => {
        expect(deviation(value, whole.covariance[at]!)).toBeLessThan(1e-11);
      });
    }),
    { seed: 3, numRuns: 30 },
  );
});

test('features far from 0 lose no digits', () => {
  const near = momentsOf(sets.A);
  momentsOf(sets.far).covariance.forEach((value, at) => {
    expect(deviation(value, near.covariance[at]!)).toBeLessThan(agreement);
  });
});

test('a covariance is symmetric to the last bit, also of more features than a band and rows than a block', () => {
  const { covariance, dimensions } = momentsOf(drawn(21, 300, 37));
  for (let i = 0; i < dimensions; i++) {
    for (let j = 0; j < i; j++) expect(covariance[i * dimensions + j]).toBe(covariance[j * dimensions + i]);
  }
});

test('says what is wrong', () => {
  expect(() => momentsOf(drawn(1, 1, 3))).toThrow('at least 2 whole rows of 3 numbers, not 3 numbers');
  expect(() => new MomentAccumulator(2).moments()).toThrow('at least 2 samples, not 0');
  expect(() => new MomentAccumulator(2).add(drawn(1, 3, 3))).toThrow(/3 numbers in a row.*had 2.*one extractor/);
  const bad = { values: Float32Array.from([0, 1, 2, Number.NaN]), dimensions: 2 };
  expect(() => momentsOf(bad)).toThrow('Row 1 of the features holds NaN');
});
