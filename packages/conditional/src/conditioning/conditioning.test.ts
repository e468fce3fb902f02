// Every conditioning: what it says, how often, that a saved one goes on exactly, and that it leaves nothing behind.
import {
  type Batch,
  type Condition,
  type Conditioning,
  conditionTensors,
  isStateful,
  RandomStream,
  type Stateful,
} from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { codes } from './codes.ts';
import { combinedConditioning } from './combined.ts';
import { dataConditions } from './data-conditions.ts';
import { dataLabels } from './data-labels.ts';
import { dataVectors, imageCondition } from './from-batch.ts';
import { type SampledLabelsOptions, sampledLabels } from './sampled-labels.ts';

beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

const batchOf = (labels: readonly number[], data: tf.Tensor = tf.zeros([labels.length, 2])): Batch => ({
  data,
  labels: tf.tensor1d([...labels], 'int32'),
});
const drawn = (conditioning: Conditioning, batch: Batch, random: RandomStream) => [
  ...conditioning.condition(batch, random).fake!.labels!.dataSync(),
];
const counts = (labels: readonly number[], classes: number) =>
  Array.from({ length: classes }, (_, label) => labels.filter((value) => value === label).length);

/** How far each count may lie from what is expected: five standard deviations of a binomial. */
function expectShares(labels: readonly number[], shares: readonly number[]): void {
  counts(labels, shares.length).forEach((count, label) => {
    const share = shares[label]!;
    const deviation = 5 * Math.sqrt(labels.length * share * (1 - share));
    expect(Math.abs(count - labels.length * share)).toBeLessThanOrEqual(deviation);
  });
}

test('dataLabels tells both players the labels of the batch, as a copy', () => {
  const batch = batchOf([3, 1, 2]);
  const { real, fake } = dataLabels().condition(batch, new RandomStream(1));
  expect(fake).toBeUndefined();
  expect([...real!.labels!.dataSync()]).toEqual([3, 1, 2]);
  expect(real!.labels).not.toBe(batch.labels);
});

test.each([
  ['uniform', { classes: 4 }, [1 / 4, 1 / 4, 1 / 4, 1 / 4]],
  ['counts', { classes: 4, distribution: [30, 0, 60, 10] }, [0.3, 0, 0.6, 0.1]],
] as const)('sampledLabels: %s', (_, options, shares) => {
  const real = Array.from({ length: 4000 }, () => 1);
  const batch = batchOf(real);
  const sampling = sampledLabels(options);
  const labels = drawn(sampling, batch, new RandomStream(3));
  expect(labels).toHaveLength(real.length);
  expectShares(labels, shares);
  expect(drawn(sampling, batch, new RandomStream(3))).toEqual(labels);
  expect([...sampling.condition(batch, new RandomStream(3)).real!.labels!.dataSync()]).toEqual(real);
});

test('a class that is last and has no share never comes up', () => {
  const labels = drawn(
    sampledLabels({ classes: 3, distribution: [1e-30, 1, 0] }),
    batchOf(Array(2000).fill(0)),
    new RandomStream(3),
  );
  expect(new Set(labels)).toEqual(new Set([1]));
});

test('balanced labels: no class is ahead of another by more than one, over batches that do not fit the deck', () => {
  const sampling = sampledLabels({ classes: 7, distribution: 'balanced' });
  const random = new RandomStream(4);
  const seen: number[] = [];
  for (let batch = 0; batch < 30; batch++) {
    seen.push(...drawn(sampling, batchOf([0, 0, 0, 0, 0]), random));
    const frequencies = counts(seen, 7);
    expect(Math.max(...frequencies) - Math.min(...frequencies)).toBeLessThanOrEqual(1);
  }
  const firsts = Array.from({ length: 21 }, (_, deck) => seen[7 * deck]);
  expect(new Set(firsts).size).toBeGreaterThan(3);
});

test('empirical labels are those of the batch in an order that is drawn', () => {
  const real = Array.from({ length: 60 }, (_, index) => (index < 50 ? 0 : 5));
  const sampling = sampledLabels({ classes: 6, distribution: 'empirical' });
  const labels = drawn(sampling, batchOf(real), new RandomStream(1));
  expect(counts(labels, 6)).toEqual([50, 0, 0, 0, 0, 10]);
  expect(labels).not.toEqual(real);
  expect(drawn(sampling, batchOf(real), new RandomStream(2))).not.toEqual(labels);
});

test('codes are one-hot choices and bounded numbers for the fakes alone, also without labels', () => {
  const count = 3000;
  const batch = { data: tf.zeros([count, 2]) };
  const { real, fake } = codes({ categorical: [3, 2], continuous: 2 }).condition(batch, new RandomStream(5));
  expect(real).toBeUndefined();
  const rows = fake!.vectors!.arraySync();
  expect(fake!.vectors!.shape).toEqual([count, 7]);
  const choice = (row: readonly number[], from: number, to: number) => {
    const part = row.slice(from, to);
    expect([...part].sort()).toEqual([...Array(to - from - 1).fill(0), 1]);
    return part.indexOf(1);
  };
  expectShares(
    rows.map((row) => choice(row, 0, 3)),
    [1 / 3, 1 / 3, 1 / 3],
  );
  expectShares(
    rows.map((row) => choice(row, 3, 5)),
    [1 / 2, 1 / 2],
  );
  const numbers = rows.flatMap((row) => row.slice(5));
  expect(Math.max(...numbers.map(Math.abs))).toBeLessThanOrEqual(1);
  const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
  const square = numbers.reduce((sum, value) => sum + value * value, 0) / numbers.length;
  expect(Math.abs(mean)).toBeLessThan(5 * Math.sqrt(1 / 3 / numbers.length));
  expect(Math.abs(square - 1 / 3)).toBeLessThan(5 * Math.sqrt(4 / 45 / numbers.length));
  const normal = codes({ continuous: 1, continuousDistribution: 'normal' }).condition(batch, new RandomStream(5));
  const variance = tf.moments(normal.fake!.vectors!).variance.dataSync()[0]!;
  expect(Math.abs(variance - 1)).toBeLessThan(5 * Math.sqrt(2 / count));
});

test('vectors and images are computed from the batch', () => {
  const images = tf.reshape(tf.range(0, 16), [2, 2, 2, 2]);
  const batch = batchOf([1, 0], images);
  const random = new RandomStream(1);
  const grey = imageCondition(({ data }) => tf.mean(data, 3, true) as tf.Tensor4D).condition(batch, random);
  expect(grey.real!.images!.shape).toEqual([2, 2, 2, 1]);
  expect(grey.real!.images!.dataSync()[0]).toBe(0.5);
  const itself = imageCondition(({ data }) => data as tf.Tensor4D).condition(batch, random);
  expect(itself.real!.images).not.toBe(images);
  const means = dataVectors(({ data }) => tf.mean(data, [1, 2]) as tf.Tensor2D).condition(batch, random);
  expect(means.real!.vectors!.shape).toEqual([2, 2]);
  expect(() => dataVectors(({ data }) => data as tf.Tensor2D).condition(batch, random)).toThrow(
    'The function given to data-vectors must return float32 of rank 2 for 2 samples, not float32 of shape [2, 2, 2, 2].',
  );
});

test('combined: labels and codes together, each player told what each part says; no kind twice', () => {
  const random = new RandomStream(6);
  const both = combinedConditioning(dataLabels(), codes({ continuous: 2 }));
  const { real, fake } = both.condition(batchOf([1, 0]), random);
  expect(Object.keys(real!)).toEqual(['labels']);
  expect(Object.keys(fake!)).toEqual(['labels', 'vectors']);
  expect(both.name).toBe('data-labels+codes');
  const fault = 'Two parts of the conditioning give labels; a sample has room for one, so leave one part out.';
  expect(() => combinedConditioning(dataLabels(), sampledLabels({ classes: 2 }))).toThrow(fault);
  const aboutReal: Conditioning = { ...dataLabels(), gives: { real: ['labels'], fake: [] } };
  expect(() => combinedConditioning(aboutReal, aboutReal)).toThrow(fault);
  const { gives: _, ...silent } = dataLabels();
  const unknown = combinedConditioning(silent, sampledLabels({ classes: 2 }));
  expect(() => unknown.condition(batchOf([1, 0]), random)).toThrow(fault);
  expect(() => combinedConditioning()).toThrow('needs at least one part');
});

const conditionings: readonly (readonly [string, Conditioning])[] = [
  ['dataLabels', dataLabels()],
  ...(['uniform', 'balanced', 'empirical', [1, 2]] as const).map(
    (distribution) => [`sampledLabels ${distribution}`, sampledLabels({ classes: 2, distribution })] as const,
  ),
  ['codes', codes({ categorical: [2] })],
  ['dataConditions', dataConditions('labels')],
  ['dataVectors', dataVectors(({ data }) => data as tf.Tensor2D)],
  ['imageCondition', imageCondition(({ data }) => tf.reshape(data, [-1, 1, 1, 2]))],
  ['labels and codes', combinedConditioning(dataLabels(), codes({ continuous: 1 }))],
  [
    'codes and images',
    combinedConditioning(
      codes({ continuous: 1 }),
      imageCondition(() => tf.zeros([2, 1, 1, 1])),
    ),
  ],
];

test.each(conditionings)('%s gives what it says that it gives', (_, conditioning) => {
  const { real, fake = real } = conditioning.condition(batchOf([0, 1]), new RandomStream(1));
  const kinds = (condition: Condition | undefined) => Object.keys(conditionTensors(condition)).sort();
  expect({ real: kinds(real), fake: kinds(fake) }).toEqual({
    real: [...conditioning.gives!.real].sort(),
    fake: [...conditioning.gives!.fake].sort(),
  });
});

test('what is unknown of one part is unknown of all', () => {
  const own: Conditioning = { name: 'own', condition: () => ({}) };
  expect(combinedConditioning(own, codes({ continuous: 1 })).gives).toBeUndefined();
});

test.each<readonly [string, Conditioning]>([
  ['dataLabels', dataLabels({ classes: 3 })],
  ...(['uniform', 'balanced', 'empirical', [1, 2, 3]] as const).map(
    (distribution) => [`sampledLabels ${distribution}`, sampledLabels({ classes: 3, distribution })] as const,
  ),
])('%s that knows the classes refuses a label that is none, in any batch', (_, conditioning) => {
  const random = new RandomStream(1);
  for (let batch = 0; batch < 3; batch++) conditioning.condition(batchOf([0, 2]), random);
  for (const wrong of [3, -1]) {
    expect(() => conditioning.condition(batchOf([0, wrong]), random)).toThrow(
      expect.objectContaining({
        code: 'invalid-data',
        message: expect.stringContaining(
          `${conditioning.name} was given the label ${wrong} and knows the classes 0 to 2;`,
        ),
      }),
    );
  }
});

describe('state', () => {
  const balanced = (): Conditioning & Stateful => {
    const sampling = sampledLabels({ classes: 5, distribution: 'balanced' });
    if (!isStateful(sampling)) throw new Error('balanced labels have no state');
    return sampling;
  };

  test.each([
    ['alone', balanced],
    ['in combination', () => combinedConditioning(codes({ continuous: 1 }), balanced())],
  ])('a deck that was saved goes on exactly, %s', async (_, make) => {
    const [first, second] = [make(), make()];
    const batch = batchOf([0, 0, 0]);
    const random = new RandomStream(8);
    drawn(first, batch, random);
    const state = JSON.parse(JSON.stringify(await first.saveState()));
    const randomState = random.saveState();
    const expected = [1, 2, 3].flatMap(() => drawn(first, batch, random));
    second.loadState(state);
    random.loadState(randomState);
    expect([1, 2, 3].flatMap(() => drawn(second, batch, random))).toEqual(expected);
  });

  test('a deck of other classes is refused', () => {
    for (const deck of [[5], [0, 1, 2, 3, 4], 'x', undefined]) {
      const values = deck === undefined ? {} : { deck };
      expect(() => balanced().loadState({ values })).toThrow('no deck of 5 classes; it belongs to another');
    }
  });
});

const all: readonly (readonly [string, Conditioning])[] = [
  ['dataLabels', dataLabels()],
  ...(['uniform', 'balanced', 'empirical', [1, 2, 3]] as const).map(
    (distribution) => [`sampledLabels ${distribution}`, sampledLabels({ classes: 3, distribution })] as const,
  ),
];

test.each(all)('%s needs labels and leaves no tensor behind', (_, conditioning) => {
  const random = new RandomStream(1);
  expect(() => conditioning.condition({ data: tf.zeros([2, 2]) }, random)).toThrow(
    expect.objectContaining({
      code: 'incompatible',
      message: `The data have no labels, which ${conditioning.name} needs; use data with classes, or leave out the conditioning.`,
    }),
  );
  const batch = batchOf([0, 1]);
  const before = tf.memory().numTensors;
  tf.tidy(() => {
    conditioning.condition(batch, random);
  });
  expect(tf.memory().numTensors).toBe(before);
  expect(batch.labels!.isDisposed).toBe(false);
});

test.each<[SampledLabelsOptions, string]>([
  [{ classes: 1 }, 'classes must be a whole number of at least 2, not 1.'],
  [{ classes: 3, distribution: [1, 2] }, 'The distribution has 2 numbers for 3 classes; give one for each class.'],
  [{ classes: 2, distribution: [1, -1] }, 'distribution[1] must be a finite number of at least 0, not -1.'],
  [{ classes: 2, distribution: [0, 0] }, 'Every class has frequency 0; give at least one class a positive number.'],
])('sampledLabels refuses %j', (options, message) => {
  expect(() => sampledLabels(options)).toThrow(message);
});

test('codes refuse an empty code and a choice of one', () => {
  expect(() => codes({})).toThrow('A code needs at least one part');
  expect(() => codes({ categorical: [1] })).toThrow('categorical[0] must be a whole number of at least 2, not 1.');
});
