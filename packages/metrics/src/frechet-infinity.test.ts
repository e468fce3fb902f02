import { RandomStream } from '@gankit/core';
import { expect, test } from 'vitest';
import { frechetDistance } from './frechet-distance.ts';
import { frechetInfinity } from './frechet-infinity.ts';
import { momentsOf } from './moments.ts';
import { drawn } from './references.fixture.ts';

const dimensions = 12;
const reference = momentsOf(drawn(31, 20_000, dimensions));
const generated = drawn(32, 1500, dimensions);

test('takes the bias away: on average, samples of the data itself are near 0', () => {
  const draws = Array.from({ length: 8 }, (_, index) => drawn(1000 + 7919 * index, 1500, dimensions));
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const plain = draws.map((each) => frechetDistance(reference, momentsOf(each)));
  const found = draws.map((each) => frechetInfinity(reference, each));
  expect(Math.abs(mean(found.map(({ distance }) => distance)))).toBeLessThan(mean(plain) / 4);
  for (const [index, { slope, measured }] of found.entries()) {
    expect(slope).toBeGreaterThan(0);
    expect(measured.at(-1)!.samples).toBe(1500);
    expect(measured.at(-1)!.distance).toBeCloseTo(plain[index]!, 9);
  }
});

test('the line is the one of least squares: residuals have no mean and no trend', () => {
  const { distance, slope, measured } = frechetInfinity(reference, generated, { sizes: 6, smallest: 100 });
  expect(measured.map(({ samples }) => samples)).toEqual([100, 380, 660, 940, 1220, 1500]);
  const residuals = measured.map(
    (each) => [1 / each.samples, each.distance - distance - slope / each.samples] as const,
  );
  expect(residuals.reduce((sum, [, residual]) => sum + residual, 0)).toBeCloseTo(0, 12);
  expect(residuals.reduce((sum, [x, residual]) => sum + x * residual, 0)).toBeCloseTo(0, 12);
});

test('the same stream gives the same number', () => {
  const options = () => ({ sizes: 4, random: new RandomStream(7) });
  expect(frechetInfinity(reference, generated, options())).toEqual(frechetInfinity(reference, generated, options()));
});

test('says what is wrong', () => {
  expect(() => frechetInfinity(reference, generated, { smallest: 1500 })).toThrow('smallest must be below the 1500');
  expect(() => frechetInfinity(reference, drawn(1, 3, dimensions))).toThrow('at least 4 whole rows');
});
