import { expect, test } from 'vitest';
import { takeRows } from './features.ts';
import { nearestNeighbours, neighboursWithin } from './nearest-neighbours.ts';
import { agreement, deviation, drawn, mapped, recorded, sets } from './references.fixture.ts';

test('are those of scikit-learn', () => {
  const { indices, distances } = nearestNeighbours(sets.A, takeRows(sets.C, [0, 1, 2, 3, 4]), 3);
  expect([...indices]).toEqual(recorded.neighbours.indices.flat());
  recorded.neighbours.distances.flat().forEach((distance, at) => {
    expect(deviation(distances[at]!, distance)).toBeLessThan(agreement);
  });
});

test('are those of every pair looked at, across the bounds of blocks', () => {
  const [reference, rows] = [drawn(51, 700, 5), drawn(52, 150, 5)];
  const found = nearestNeighbours(reference, rows, 2);
  for (let row = 0; row < 150; row++) {
    const all = Array.from({ length: 700 }, (_, other) => {
      let square = 0;
      for (let k = 0; k < 5; k++) square += (rows.values[row * 5 + k]! - reference.values[other * 5 + k]!) ** 2;
      return { other, distance: Math.sqrt(square) };
    }).sort((a, b) => a.distance - b.distance);
    expect([...found.indices.subarray(row * 2, row * 2 + 2)]).toEqual(all.slice(0, 2).map(({ other }) => other));
    expect(found.distances[row * 2]).toBeCloseTo(all[0]!.distance, 9);
  }
});

test('of a set with itself are those of every pair looked at, across the bounds of blocks', () => {
  // Whole numbers, so that many are equally near.
  const set = mapped(drawn(53, 600, 2), (value) => Math.round(3 * value));
  const found = neighboursWithin(set, 3);
  for (let row = 0; row < 600; row++) {
    const all = Array.from({ length: 600 }, (_, other) => ({
      other,
      square:
        (set.values[2 * row]! - set.values[2 * other]!) ** 2 +
        (set.values[2 * row + 1]! - set.values[2 * other + 1]!) ** 2,
    }))
      .filter(({ other }) => other !== row)
      .sort((a, b) => a.square - b.square || a.other - b.other)
      .slice(0, 3);
    all.forEach(({ square }, at) => {
      expect(found.distances[3 * row + at]).toBeCloseTo(Math.sqrt(square), 12);
    });
    expect(new Set(found.indices.subarray(3 * row, 3 * row + 3)).size).toBe(3);
    expect([...found.indices.subarray(3 * row, 3 * row + 3)]).not.toContain(row);
  }
});

test('of equally near rows the first comes first, and equal rows are at exactly 0', () => {
  const line = { values: Float64Array.from([1, -1, 1, 1, 5]), dimensions: 1 };
  const { indices, distances } = nearestNeighbours(line, { values: Float64Array.from([0, 1]), dimensions: 1 }, 3);
  expect([...indices]).toEqual([0, 1, 2, 0, 2, 3]);
  expect([...distances]).toEqual([1, 1, 1, 0, 0, 0]);
  const copies = takeRows(sets.far, [...Array(60).keys(), 7]);
  expect(neighboursWithin(copies).distances[60]).toBe(0);
  expect(neighboursWithin(copies).indices[60]).toBe(7);
});

test('says what is wrong', () => {
  expect(() => nearestNeighbours(sets.A, sets.C, 61)).toThrow('neighbours must be at most the 60 others, not 61.');
  expect(() => neighboursWithin(sets.A, 60)).toThrow('at most the 59 others');
});
