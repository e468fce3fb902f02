import { expect, test } from 'vitest';
import { takeRows } from './features.ts';
import { nearestNeighbours, neighboursWithin } from './nearest-neighbours.ts';
import { agreement, deviation, drawn, recorded, sets } from './references.fixture.ts';

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
