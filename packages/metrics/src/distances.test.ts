// Distances of points that are exact: on a line, in the plane, over directions.
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { energyDistance } from './energy-distance.ts';
import type { Features } from './features.ts';
import { cheapestAssignment, wassersteinDistance } from './optimal-transport.ts';
import { agreement, deviation, drawn, drawnNumbers, mapped, recorded, sets } from './references.fixture.ts';
import { slicedWasserstein } from './sliced-wasserstein.ts';
import { wasserstein1d } from './wasserstein-1d.ts';

const line = (values: Features['values']) => ({ values, dimensions: 1 });
const [fewOfA, fewOfB] = [sets.A.values.subarray(0, 37), sets.B.values.subarray(0, 53)];

describe('Wasserstein distance on a line', () => {
  it('is that of scipy', () => {
    const { wasserstein1d: reference } = recorded;
    expect(deviation(wasserstein1d(fewOfA, fewOfB), reference.uneven)).toBeLessThan(agreement);
    expect(deviation(wasserstein1d(sets.A.values, sets.C.values), reference.even)).toBeLessThan(agreement);
    expect(deviation(wasserstein1d([0, 0, 1, 1, 1, 5], [0, 1, 1, 2]), reference.ties)).toBeLessThan(agreement);
    expect(deviation(wasserstein1d(sets.A.values, sets.C.values, 2), reference['order 2'])).toBeLessThan(agreement);
  });

  it('is a distance: 0 for equal sets, symmetric, the shift of a set that is shifted, within the triangle', () => {
    const set = fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(set, set, set, fc.double({ min: -5, max: 5, noNaN: true }), (a, b, c, shift) => {
        expect(wasserstein1d(a, [...a].reverse())).toBe(0);
        expect(wasserstein1d(a, b)).toBeCloseTo(wasserstein1d(b, a), 9);
        expect(
          wasserstein1d(
            a,
            a.map((value) => value + shift),
          ),
        ).toBeCloseTo(Math.abs(shift), 9);
        expect(wasserstein1d(a, c)).toBeLessThanOrEqual(wasserstein1d(a, b) + wasserstein1d(b, c) + 1e-9);
      }),
      { seed: 2, numRuns: 60 },
    );
  });
});

describe('energy distance', () => {
  it('is that of scipy, in any number of dimensions', () => {
    expect(deviation(energyDistance(line(fewOfA), line(fewOfB)), recorded.energy.line)).toBeLessThan(agreement);
    expect(deviation(energyDistance(sets.A, sets.B), recorded.energy.AB)).toBeLessThan(agreement);
    expect(deviation(energyDistance(sets.points, sets.others), recorded.energy.points)).toBeLessThan(agreement);
  });

  it('is 0 for equal sets', () => {
    expect(energyDistance(sets.A, sets.A)).toBe(0);
  });
});

describe('cheapest assignment', () => {
  it('is that of scipy', () => {
    const { assignment } = recorded;
    const grid = Float64Array.from({ length: 32 }, (_, at) => (at % 2 === 0 ? (at >> 1) % 4 : at >> 3));
    const turned = grid.map(
      (_, at) => grid[30 - at + 2 * (at % 2)]! * (at % 2 === 0 ? 1 : 0.5) + (at % 2 === 0 ? 0.5 : 0),
    );
    const of = (values: Float64Array) => ({ values, dimensions: 2 });
    expect(deviation(wassersteinDistance(sets.points, sets.others), assignment.points)).toBeLessThan(agreement);
    expect(deviation(wassersteinDistance(sets.points, sets.others, 2), assignment['points, order 2'])).toBeLessThan(
      agreement,
    );
    expect(deviation(wassersteinDistance(of(grid), of(turned)), assignment.ties)).toBeLessThan(agreement);
    expect(deviation(wassersteinDistance(sets.A, sets.C), assignment['8 dimensions'])).toBeLessThan(agreement);
  });

  it('is a permutation, no dearer than any other', () => {
    const costs = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 16, maxLength: 16 });
    const orders = [...permutations([0, 1, 2, 3])];
    fc.assert(
      fc.property(costs, (numbers) => {
        const cost = (order: ArrayLike<number>) =>
          Array.from(order).reduce((sum, column, row) => sum + numbers[row * 4 + column]!, 0);
        const found = cheapestAssignment(Float64Array.from(numbers), 4);
        expect([...found].sort()).toEqual([0, 1, 2, 3]);
        expect(cost(found)).toBe(Math.min(...orders.map(cost)));
      }),
      { seed: 9, numRuns: 100 },
    );
  });

  it('is the distance on a line, and 0 for a set in another order', () => {
    const [a, b] = [drawnNumbers(71, 50), drawnNumbers(72, 50, 1)];
    expect(wassersteinDistance(line(a), line(b))).toBeCloseTo(wasserstein1d(a, b), 9);
    expect(wassersteinDistance(line(a), line(a.slice().reverse()))).toBe(0);
  });

  it('says what is wrong', () => {
    expect(() => wassersteinDistance(sets.A, sets.B)).toThrow(/not 60 and 70; take as many of both/);
    expect(() => wassersteinDistance(drawn(1, 5001, 1), drawn(1, 5001, 1))).toThrow('at most 5000 points each');
  });
});

function* permutations(values: readonly number[]): Generator<readonly number[]> {
  if (values.length === 0) yield [];
  for (const value of values) {
    for (const rest of permutations(values.filter((other) => other !== value))) yield [value, ...rest];
  }
}

describe('sliced Wasserstein distance', () => {
  /** Unit vectors of the directions that record.py draws. */
  function directions(seed: number, count: number, dimensions: number): Float64Array {
    const values = drawnNumbers(seed, count * dimensions);
    return values.map((value, at) => {
      const from = Math.floor(at / dimensions) * dimensions;
      return value / Math.hypot(...values.subarray(from, from + dimensions));
    });
  }

  it('is that of numpy over the same directions', () => {
    const { sliced } = recorded;
    const of8 = { directions: directions(14, 20, 8) };
    expect(deviation(slicedWasserstein(sets.A, sets.C, of8), sliced.AC1)).toBeLessThan(agreement);
    expect(deviation(slicedWasserstein(sets.A, sets.C, { ...of8, order: 2 }), sliced.AC2)).toBeLessThan(agreement);
    const of2 = { directions: directions(15, 9, 2) };
    expect(deviation(slicedWasserstein(sets.points, sets.others, of2), sliced.points)).toBeLessThan(agreement);
  });

  it('of a shift is the mean length of its shadow: 2/pi of it in the plane', () => {
    const moved = mapped(sets.points, (value, _, column) => value + (column === 0 ? 3 : 0));
    expect(slicedWasserstein(sets.points, moved, { directions: 4000 })).toBeCloseTo((3 * 2) / Math.PI, 1);
  });

  it('is 0 for equal sets, and says what is wrong', () => {
    expect(slicedWasserstein(sets.A, sets.A)).toBe(0);
    expect(() => slicedWasserstein(sets.A, sets.B, { directions: new Float64Array(9) })).toThrow('whole rows of 8');
  });
});

test('numbers that are none are refused by all', () => {
  const bad = { values: Float64Array.from([0, Number.POSITIVE_INFINITY]), dimensions: 1 };
  expect(() => wasserstein1d([1, Number.NaN], [1])).toThrow('Number 1 of the reference numbers is NaN.');
  expect(() => wasserstein1d([], [1])).toThrow('need at least 1 number');
  for (const distance of [energyDistance, wassersteinDistance, slicedWasserstein]) {
    expect(() => distance(bad, bad)).toThrow('Row 1 of the reference features holds Infinity');
  }
});
