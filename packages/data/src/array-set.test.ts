import { disposeBatch, RandomStream } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ArraySetOptions, arraySet } from './array-set.ts';

let tensors = 0;
beforeEach(() => {
  tensors = tf.memory().numTensors;
});
afterEach(() => {
  expect(tf.memory().numTensors).toBe(tensors);
});

test.each<Pick<ArraySetOptions, 'kind' | 'shape'>>([
  { kind: 'table', shape: [6] },
  { kind: 'points', shape: [3] },
  { kind: 'sequence', shape: [4] },
  { kind: 'sequence', shape: [4, 3] },
  { kind: 'images', shape: [2, 3, 2] },
])('samples of $kind $shape come out as they went in', async ({ kind, shape }) => {
  const size = 5;
  const length = shape.reduce((product, axis) => product * axis, 1);
  const values = new RandomStream(1).normals(size * length).map((value) => Math.max(-1, Math.min(1, value)));
  const set = arraySet({ name: 'any', kind, shape, values, scale: 7 });
  expect(set).toMatchObject({ name: 'any', kind, shape, size, scale: 7 });
  const { value } = await set.batches({ batchSize: size }).next();
  expect(value.data.shape).toEqual([size, ...shape]);
  expect(value.data.dataSync()).toEqual(values);
  disposeBatch(value);
});

test('a plain array, and all that is known of each sample, in the order that a seed decides', async () => {
  const set = arraySet({
    name: 'three',
    kind: 'table',
    shape: [2],
    values: [-1, 0, 0.25, 0.5, 0.75, 1],
    labels: [2, 1, 0],
    classNames: ['a', 'b', 'c'],
    vectors: [2, 1, 0],
    images: { shape: [1, 1, 1], pixels: Uint8Array.from([0, 51, 255]) },
  });
  const rows = [
    [-1, 0],
    [0.25, 0.5],
    [0.75, 1],
  ];
  const images = [-1, -0.6, 1];
  const orders = new Set<string>();
  const stream = set.batches({ batchSize: 3, random: new RandomStream(1), epochs: 8 });
  for await (const batch of stream) {
    const order = Array.from(batch.labels!.dataSync(), (label) => 2 - label);
    expect(batch.data.arraySync()).toEqual(order.map((sample) => rows[sample]));
    expect(batch.vectors!.arraySync()).toEqual(order.map((sample) => [2 - sample]));
    batch.images!.dataSync().forEach((value, row) => {
      expect(value).toBeCloseTo(images[order[row]!]!, 6);
    });
    orders.add(order.join());
    disposeBatch(batch);
  }
  expect(orders.size).toBeGreaterThan(1);
});

const two: ArraySetOptions = { name: 'two', kind: 'table', shape: [3], values: [0, 0.1, 0.2, 0.3, 0.4, 0.5] };

test.each<[string, object, string]>([
  [
    'a value out of range',
    { values: [0, 0, 0, 0, 3.5, -9] },
    "The values of 'two' hold 3.5 at index 4 (sample 1, number 1); divide all of them by their largest magnitude, so that they lie in [-1, 1], and give that number as scale.",
  ],
  ['NaN', { values: [0, Number.NaN, 2, 0, 0, 0] }, 'hold NaN at index 1 (sample 0, number 1); replace or leave out'],
  ['infinity', { values: [0, 0, 0, 0, 0, Number.NEGATIVE_INFINITY] }, 'hold -Infinity at index 5'],
  ['text', { values: ['a', 0, 0, 0, 0, 0] }, "hold 'a' at index 0"],
  [
    'a part of a sample',
    { values: [0, 0, 0, 0] },
    "'two' has 4 values, which is not a whole number of samples of shape [3]",
  ],
  ['nothing', { values: [] }, "'two' has 0 values"],
  ['no array', { values: 'abc' }, 'must be an array or a typed array of numbers, not String'],
  ['a shape of another kind', { kind: 'images' }, "'two' is of kind 'images'"],
  ['a wrong label', { labels: [0, 5], classNames: ['a', 'b'] }, 'not 5 at index 1; there are 2 classes'],
  ['a missing name', { name: undefined }, "arraySet needs the option 'name'"],
])('%s is refused', (_, wrong, message) => {
  expect(() => arraySet({ ...two, ...wrong })).toThrow(message);
});

test('the bounds themselves are in range', () => {
  expect(arraySet({ ...two, values: Float64Array.from([-1, 1, 0, 1 + 1e-12, 0, 0]) }).size).toBe(2);
});
