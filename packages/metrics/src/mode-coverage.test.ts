import { RandomStream } from '@gankit/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { modeCoverage } from './mode-coverage.ts';

const grid = Array.from({ length: 25 }, (_, index) => [2 * (index % 5) - 4, 2 * Math.floor(index / 5) - 4]);
const standardDeviation = 0.05;

/** Draws from the given modes, in the data's own units. */
function drawFrom(modes: readonly (readonly number[])[], count: number, spread = standardDeviation): Float32Array {
  const random = new RandomStream('modes');
  const points = new Float32Array(2 * count);
  for (let index = 0; index < count; index++) {
    const mode = modes[random.integer(modes.length)]!;
    points[2 * index] = mode[0]! + spread * random.normal();
    points[2 * index + 1] = mode[1]! + spread * random.normal();
  }
  return points;
}

describe('mode coverage', () => {
  it('is complete for samples of the data itself', () => {
    const coverage = modeCoverage(drawFrom(grid, 2500), { modes: grid, standardDeviation });
    expect(coverage).toMatchObject({ modesFound: 25, modes: 25, samples: 2500 });
    // P(|x| < 3 sigma) in two dimensions is 1 - exp(-9/2) = 0.9889.
    expect(coverage.highQualityShare).toBeGreaterThan(0.98);
    expect(coverage.highQualityShare).toBeLessThan(0.996);
    // The expected value for an even histogram is about (modes - 1) / (2 samples) = 0.0048.
    expect(coverage.reverseKl).toBeLessThan(0.012);
  });

  it('counts exactly', () => {
    const modes = [
      [0, 0],
      [10, 0],
      [0, 10],
    ];
    // Two near the first mode, one of them within 3 sigma; one exactly at 3 sigma of the second; none at the third.
    const samples = [0, 1, 0, 3.1, 10, 3];
    const coverage = modeCoverage(samples, { modes, standardDeviation: 1 });
    expect(coverage.counts).toEqual([2, 1, 0]);
    expect(coverage.highQualityCounts).toEqual([1, 1, 0]);
    expect(coverage.modesFound).toBe(2);
    expect(coverage.highQualityShare).toBeCloseTo(2 / 3, 12);
    expect(coverage.reverseKl).toBeCloseTo((2 / 3) * Math.log(2) + (1 / 3) * Math.log(1), 12);
  });

  it('is log(modes) for a generator that collapsed onto one mode', () => {
    const coverage = modeCoverage(drawFrom([grid[7]!], 1000), { modes: grid, standardDeviation });
    expect(coverage.modesFound).toBe(1);
    expect(coverage.reverseKl).toBeCloseTo(Math.log(25), 10);
  });

  it('sees the blur that covers every mode but hits none', () => {
    const coverage = modeCoverage(drawFrom(grid, 2500, 1), { modes: grid, standardDeviation });
    expect(coverage.highQualityShare).toBeLessThan(0.05);
  });

  it("brings samples to the data's own units first", () => {
    const own = drawFrom(grid, 500);
    const scaled = own.map((value) => value / 4.25);
    const options = { modes: grid, standardDeviation };
    expect(modeCoverage(scaled, { ...options, scale: 4.25 }).counts).toEqual(modeCoverage(own, options).counts);
  });

  it('finds a mode only with as many samples as asked for', () => {
    const modes = [[0], [10]];
    const options = { modes, standardDeviation: 1 };
    expect(modeCoverage([0, 0, 10], options).modesFound).toBe(2);
    expect(modeCoverage([0, 0, 10], { ...options, samplesToFind: 2 }).modesFound).toBe(1);
  });

  it('keeps its bounds whatever the samples are, and does not depend on their order', () => {
    const point = fc.tuple(fc.double({ min: -6, max: 6, noNaN: true }), fc.double({ min: -6, max: 6, noNaN: true }));
    fc.assert(
      fc.property(fc.array(point, { minLength: 1, maxLength: 60 }), (points) => {
        const options = { modes: grid, standardDeviation: 0.5 };
        const coverage = modeCoverage(points.flat(), options);
        expect(coverage.reverseKl).toBeGreaterThanOrEqual(0);
        expect(coverage.reverseKl).toBeLessThanOrEqual(Math.log(25) + 1e-12);
        expect(coverage.highQualityShare).toBeLessThanOrEqual(1);
        expect(coverage.counts.reduce((sum, hits) => sum + hits, 0)).toBe(points.length);
        expect(modeCoverage([...points].reverse().flat(), options)).toEqual(coverage);
      }),
      { seed: 5, numRuns: 50 },
    );
  });

  it('says what is wrong', () => {
    const options = { modes: grid, standardDeviation };
    expect(() => modeCoverage([1, 2, 3], options)).toThrow('need a multiple of 2 numbers, at least one, not 3.');
    expect(() => modeCoverage([], options)).toThrow(/not 0/);
    expect(() => modeCoverage([0, 0, Number.NaN, 1], options)).toThrow('Sample 1 is not finite');
    expect(() => modeCoverage([0, 0], { modes: [[0, 0], [1]], standardDeviation })).toThrow(/of lengths \[2, 1\]/);
    expect(() => modeCoverage([0, 0], { modes: grid, standardDeviation: 0 })).toThrow(/standardDeviation/);
    expect(() => modeCoverage([0, 0], { ...options, sigma: 1 } as typeof options)).toThrow("has no option 'sigma'");
    expect(() => modeCoverage([0, 0], { modes: grid } as typeof options)).toThrow(
      "needs the option 'standardDeviation'",
    );
  });
});
