import { expect, test } from 'vitest';
import { copying, normalProbability, rankScore } from './copying.ts';
import { takeRows } from './features.ts';
import { agreement, deviation, drawn, drawnNumbers, mapped, recorded, sets } from './references.fixture.ts';

test('the score of ranks is that of scipy, ties too', () => {
  const apart = rankScore(
    sets.A.values.subarray(0, 30).map((value) => value - 0.5) as Float64Array,
    sets.B.values.subarray(0, 40) as Float64Array,
  );
  expect(deviation(apart, recorded.ranks.apart.score)).toBeLessThan(agreement);
  const ties = rankScore(Float64Array.from([1, 1, 2, 2, 3, 3, 3]), Float64Array.from([2, 2, 3, 4, 4]));
  expect(deviation(ties, recorded.ranks.ties.score)).toBeLessThan(agreement);
  expect(rankScore(Float64Array.from([1, 1]), Float64Array.from([1, 1]))).toBe(0);
});

test('the normal distribution is that of scipy, far out too', () => {
  for (const [z, probability] of Object.entries(recorded.normal)) {
    expect(deviation(normalProbability(Number(z)), probability)).toBeLessThan(1e-11);
  }
});

test('a test of sets is that of scipy', () => {
  const some = (set: typeof sets.A, from: number, to: number) =>
    takeRows(
      set,
      Array.from({ length: to - from }, (_, index) => from + index),
    ).values;
  const values = new Float64Array(60 * 8);
  values.set(some(sets.A, 0, 10).map((value, at) => value + 0.01 * (1 + Math.floor(at / 8))));
  values.set(some(sets.C, 10, 60), 80);
  const found = copying({ training: sets.A, heldOut: sets.B, generated: { values, dimensions: 8 } }, { cells: 1 });
  expect(deviation(found.score, recorded.copying.score)).toBeLessThan(agreement);
  expect(deviation(found.pValue, recorded.copying.pValue)).toBeLessThan(agreement);
  expect([...found.nearest]).toEqual(recorded.copying.nearest);
});

test('is calibrated: the data itself is not accused, and copies with a little noise are', () => {
  const [training, heldOut] = [drawn(101, 400, 4), drawn(102, 400, 4)];
  let accused = 0;
  for (let seed = 0; seed < 20; seed++) {
    const { score, closeShare } = copying(
      { training, heldOut, generated: drawn(200 + seed, 200, 4) },
      { quantile: 0.1 },
    );
    if (score < -3) accused++;
    expect(closeShare).toBeLessThan(0.25);
  }
  expect(accused).toBe(0);
  const noise = drawnNumbers(103, 1600, 0, 0.02);
  const copies = mapped(training, (value, row, column) => value + noise[row * 4 + column]!);
  const found = copying({ training, heldOut, generated: copies }, { quantile: 0.1 });
  expect(found.score).toBeLessThan(-10);
  expect(found.pValue).toBeLessThan(1e-20);
  expect(found.closeShare).toBeGreaterThan(0.95);
  expect([...found.nearest]).toEqual([...Array(400).keys()]);
});

test('making more of what is dense is not copying: samples are compared within their cells', () => {
  // Half of the data lies close together, half of it far apart; the generator makes the dense half alone.
  const spread = (set: typeof sets.A) => mapped(set, (value, row) => (row % 2 === 0 ? value * 0.1 : 50 + value * 10));
  const training = spread(drawn(121, 400, 4));
  const heldOut = spread(drawn(122, 400, 4));
  const dense = mapped(drawn(123, 200, 4), (value) => value * 0.1);
  expect(copying({ training, heldOut, generated: dense }, { cells: 1 }).score).toBeLessThan(-8);
  expect(Math.abs(copying({ training, heldOut, generated: dense }, { cells: 2 }).score)).toBeLessThan(3);
  const copies = takeRows(
    training,
    Array.from({ length: 200 }, (_, index) => 2 * index),
  );
  expect(copying({ training, heldOut, generated: copies }, { cells: 2 }).score).toBeLessThan(-8);
});

test('the sum over cells is that of van Elteren by hand', () => {
  // Cell 0: 1 against 2, 3: U - E = -1, variance 2/12 * 4 = 2/3, weight 1/4. Cell 1: 5, 7 against 6: 0, variance 2/3, weight 1/4.
  const score = rankScore(
    Float64Array.from([1, 5, 7]),
    Float64Array.from([2, 3, 6]),
    Uint32Array.from([0, 1, 1]),
    Uint32Array.from([0, 0, 1]),
  );
  expect(score).toBeCloseTo(-0.25 / Math.sqrt((2 * (2 / 3)) / 16), 12);
});

test('says what is wrong', () => {
  expect(() => copying({ training: sets.A, heldOut: sets.B, generated: sets.wide })).toThrow(/one extractor/);
  expect(() => copying({ training: sets.A, heldOut: sets.B, generated: sets.C }, { quantile: 2 })).toThrow('quantile');
});
