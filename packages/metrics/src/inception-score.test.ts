import { expect, test } from 'vitest';
import { inceptionScore } from './inception-score.ts';
import { agreement, deviation, drawn, recorded } from './references.fixture.ts';

/** The rows of record.py: many zeros, no row without a sum. */
function probabilities(seed: number, count: number, classes: number) {
  const raw = Float64Array.from(
    drawn(seed, count, classes).values,
    (value, at) => Math.max(value, 0) + (at % classes === 0 ? 1e-3 : 0),
  );
  const sums = Array.from({ length: count }, (_, row) =>
    raw.subarray(row * classes, (row + 1) * classes).reduce((sum, value) => sum + value, 0),
  );
  return {
    values: Float64Array.from(raw, (value, at) => value / sums[Math.floor(at / classes)]!),
    dimensions: classes,
  };
}

const sure = {
  values: Float64Array.from({ length: 100 }, (_, at) => (Math.floor(at / 5) % 5 === at % 5 ? 1 : 0)),
  dimensions: 5,
};

test.each([
  ['10 classes', probabilities(11, 103, 10), 10],
  ['4 classes', probabilities(12, 50, 4), 3],
  ['1 split', probabilities(13, 40, 7), 1],
  ['sure', sure, 2],
] as const)('is that of scipy: %s', (name, rows, splits) => {
  const found = inceptionScore(rows, { splits });
  expect(deviation(found.score, recorded.inception[name].score)).toBeLessThan(agreement);
  expect(Math.abs(found.standardDeviation - recorded.inception[name].standardDeviation)).toBeLessThan(1e-9);
});

test('is 1 for a classifier that is sure of nothing, or of one class for all', () => {
  const even = { values: new Float32Array(40).fill(0.25), dimensions: 4 };
  expect(inceptionScore(even, { splits: 2 }).score).toBeCloseTo(1, 6);
  const one = { values: Float32Array.from({ length: 40 }, (_, at) => (at % 4 === 2 ? 1 : 0)), dimensions: 4 };
  expect(inceptionScore(one, { splits: 2 }).score).toBe(1);
});

test('says what is wrong', () => {
  const logits = { values: Float32Array.from([3, -2, 1, 1]), dimensions: 2 };
  expect(() => inceptionScore(logits, { splits: 1 })).toThrow(/least value -2; give probabilities, not logits/);
  expect(() => inceptionScore(sure, { splits: 21 })).toThrow('splits must be at most the 20 samples, not 21.');
});
