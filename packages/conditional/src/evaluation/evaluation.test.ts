// Class accuracy, grids and morphs with generators whose samples are known.
import { drawLatent, type Generator, RandomStream } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { classWeights } from '../labels.ts';
import { conditionalDcganGenerator } from '../players/conditional-dcgan.ts';
import { classAccuracy } from './class-accuracy.ts';
import { classGrid, classMorph } from './class-pictures.ts';

let tensors = 0;
beforeEach(() => {
  tensors = tf.memory().numTensors;
});
afterEach(() => {
  expect(tf.memory().numTensors).toBe(tensors);
});

const classes = 3;
const random = () => new RandomStream(1);

/** A sample is [latent, class weights...]. */
const telling: Generator = {
  name: 'telling',
  latentShape: [1],
  outputShape: [1 + classes],
  variables: [],
  generate: (latent, { condition }) =>
    tf.concat([latent as tf.Tensor2D, classWeights('telling', condition, classes, latent.shape[0]!)], 1),
  dispose() {},
};

/** Takes class 2 for 0 where the latent is positive, and everything else for what it is. */
function classify(samples: tf.Tensor): tf.Tensor {
  const [latent, weights] = tf.split(samples as tf.Tensor2D, [1, classes], 1);
  const mistaken = tf.mul(tf.slice(weights!, [0, 2], [-1, 1]), tf.relu(tf.sign(latent!)));
  return tf.add(weights!, tf.mul(mistaken, tf.tensor2d([[2, 0, 0]])));
}

test.each([7, 100, 1000])('counts what was asked for against what was made, %d at a time', async (batchSize) => {
  const options = { generator: telling, classify, classes, perClass: 50, batchSize };
  const result = await classAccuracy({ ...options, random: random() });
  expect(result.samples).toBe(150);
  const wrong = result.confusion[2]![0]!;
  expect(result.confusion).toEqual([
    [50, 0, 0],
    [0, 50, 0],
    [wrong, 0, 50 - wrong],
  ]);
  expect(Math.abs(wrong - 25)).toBeLessThan(5 * Math.sqrt(12.5));
  expect(result.perClass).toEqual([1, 1, (50 - wrong) / 50]);
  expect(result.accuracy).toBeCloseTo(1 - wrong / 150, 12);
  expect(result.standardError).toBeCloseTo(Math.sqrt((result.accuracy * (1 - result.accuracy)) / 150), 12);
  expect(await classAccuracy({ ...options, random: random() })).toEqual(result);
});

test('the classifier may be a tf.layers model', async () => {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: classes, useBias: false, inputShape: [1 + classes], kernelInitializer: 'zeros' }),
    ],
  });
  // Reads class 0 as 1, 1 as 2 and 2 as 0.
  tf.tidy(() => {
    model.setWeights([
      tf.tensor2d([
        [0, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
        [1, 0, 0],
      ]),
    ]);
  });
  const result = await classAccuracy({ generator: telling, classify: model, classes, perClass: 4, random: random() });
  expect(result.confusion).toEqual([
    [0, 4, 0],
    [0, 0, 4],
    [4, 0, 0],
  ]);
  expect(result.accuracy).toBe(0);
  model.dispose();
});

test('a classifier of other classes, or of NaN, is refused, and nothing is left behind', async () => {
  const options = { generator: telling, classes, random: random() };
  await expect(classAccuracy({ ...options, classify: (x) => tf.zeros([x.shape[0]!, 4]) })).rejects.toMatchObject({
    code: 'invalid-shape',
    message:
      'The classifier must give scores of shape [100, 3], not [100, 4]; classes and classifier belong to different data.',
  });
  await expect(
    classAccuracy({ ...options, classify: (x) => tf.fill([x.shape[0]!, 3], Number.NaN) }),
  ).rejects.toMatchObject({ code: 'numerical' });
  await expect(classAccuracy({ ...options, classify, perClass: 0 })).rejects.toThrow('perClass must be');
});

test('classGrid: a row for each class, a column for each latent', async () => {
  const grid = await classGrid({ generator: telling, classes, columns: 4, labels: [2, 0], random: random() });
  const latent = tf.tidy(() => [...drawLatent(telling, 4, random()).dataSync()]);
  expect([grid.shape, grid.columns]).toEqual([[8, 4], 4]);
  const expected = [
    [0, 0, 1],
    [1, 0, 0],
  ].flatMap((weights) => latent.flatMap((value) => [value, ...weights]));
  expect([...grid.values]).toEqual(expected);
  const all = await classGrid({ generator: telling, classes, random: random() });
  expect(all.shape).toEqual([24, 4]);
  await expect(classGrid({ generator: telling, classes, labels: [3], random: random() })).rejects.toThrow(
    'A label must be a whole number from 0 to 2, not 3',
  );
});

test('classMorph: the same latent in a row, class weights in a straight line', async () => {
  const options = { generator: telling, classes, from: 1, to: 2, steps: 5, rows: 2, random: random() };
  const { values, shape, columns } = await classMorph(options);
  const latent = tf.tidy(() => [...drawLatent(telling, 2, random()).dataSync()]);
  expect([shape, columns]).toEqual([[10, 4], 5]);
  for (const row of [0, 1]) {
    for (let step = 0; step < 5; step++) {
      const at = 4 * (5 * row + step);
      [latent[row]!, 0, 1 - step / 4, step / 4].forEach((value, index) => {
        expect(values[at + index]).toBeCloseTo(value, 6);
      });
    }
  }
  await expect(classMorph({ ...options, to: 3 })).rejects.toThrow('not 3; there are 3 classes');
  await expect(classMorph({ ...options, steps: 1 })).rejects.toThrow('steps must be a whole number of at least 2');
});

test('a generator with conditional normalisation: grid and morph agree at the ends', async () => {
  const generator = conditionalDcganGenerator({
    outputShape: [8, 8, 1],
    latentSize: 4,
    width: 4,
    classes,
    random: random(),
  });
  const options = { generator, classes, truncation: 0.5 };
  const grid = await classGrid({ ...options, columns: 1, labels: [0, 2], random: random() });
  const way = await classMorph({ ...options, from: 0, to: 2, steps: 3, random: random() });
  expect([grid.shape, way.shape]).toEqual([
    [2, 8, 8, 1],
    [3, 8, 8, 1],
  ]);
  const size = 64;
  const far = (a: Float32Array, b: Float32Array) => Math.max(...a.map((value, index) => Math.abs(value - b[index]!)));
  expect(far(grid.values.slice(0, size), way.values.slice(0, size))).toBeLessThan(1e-6);
  expect(far(grid.values.slice(size), way.values.slice(2 * size))).toBeLessThan(1e-6);
  generator.dispose();
});
