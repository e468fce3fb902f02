import { RandomStream } from '@gankit/core';
import { expect, test } from 'vitest';
import { kMeans } from './k-means.ts';
import { histogramCurve, largestFScore, precisionRecallCurve } from './precision-recall-curve.ts';
import { agreement, deviation, drawn, drawnNumbers, mapped, recorded, sets } from './references.fixture.ts';

test.each([
  ['even', [5, 3, 2, 7], [5, 3, 2, 7]],
  ['apart', [1, 2, 0, 0], [0, 0, 3, 1]],
  ['random', drawnNumbers(17, 12).map(Math.abs), drawnNumbers(18, 12).map(Math.abs)],
] as const)('is that of its authors: %s', (name, p, q) => {
  const curve = histogramCurve(p, q);
  const reference = recorded.prd[name];
  for (const which of ['precision', 'recall'] as const) {
    reference[which].forEach((value, index) => {
      expect(Math.abs(curve[which][100 * index]! - value)).toBeLessThan(1e-9);
    });
  }
  expect(Math.abs(largestFScore(curve, 8) - reference.f8)).toBeLessThan(agreement);
  expect(Math.abs(largestFScore(curve, 1 / 8) - reference.f1over8)).toBeLessThan(agreement);
});

test('tells a collapsed generator from a wide one', () => {
  const real = mapped(drawn(81, 400, 2), (value, row, column) => value + (column === 0 ? 10 * (row % 4) : 0));
  const one = mapped(drawn(82, 400, 2), (value) => value);
  const { precision, recall } = { precision: 1 / 8, recall: 8 };
  const curve = precisionRecallCurve(real, one, { repetitions: 3 });
  // All that is made is real, and a quarter of what is real is made.
  expect(largestFScore(curve, precision)).toBeGreaterThan(0.8);
  expect(largestFScore(curve, recall)).toBeLessThan(0.35);
  const turned = precisionRecallCurve(one, real, { repetitions: 3 });
  expect(largestFScore(turned, recall)).toBeGreaterThan(0.8);
});

test('clusters that lie apart are found, whatever the draw, and centres are means', () => {
  const apart = mapped(drawn(83, 90, 3), (value, row) => value + 50 * (row % 3));
  for (let seed = 0; seed < 5; seed++) {
    const { labels, centres, inertia } = kMeans(apart, 3, new RandomStream(seed));
    for (let row = 0; row < 90; row++) expect(labels[row]).toBe(labels[row % 3]);
    expect(new Set(labels).size).toBe(3);
    let spread = 0;
    apart.values.forEach((value, at) => {
      spread += (value - centres.values[labels[Math.floor(at / 3)]! * 3 + (at % 3)]!) ** 2;
    });
    expect(deviation(inertia, spread)).toBeLessThan(1e-9);
  }
});

test('more clusters than different rows do no harm', () => {
  const { labels } = kMeans(
    mapped(sets.A, () => 1),
    5,
    new RandomStream(1),
  );
  expect(new Set(labels).size).toBe(1);
});

test('says what is wrong', () => {
  expect(() => histogramCurve([1], [1, 2])).toThrow(/1 bins and the generated samples 2/);
  expect(() => histogramCurve([0, 0], [1, 2])).toThrow('The reference counts must be counts of at least 0');
  expect(() => precisionRecallCurve(sets.wide, sets.wider, { clusters: 23 })).toThrow('at most the 22 rows, not 23.');
});
