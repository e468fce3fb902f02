// Conditional batch normalisation against its formula in plain numbers, PyTorch's moving averages, and within DCGAN and ResNet.
import { RandomStream } from '@gankit/core';
import { batchNormalization } from '@gankit/engine/layers';
import { dcganGenerator, resnetGenerator } from '@gankit/models';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import recorded from '../../fixtures/conditional-batch-normalization.json' with { type: 'json' };
import { labelTensor } from '../labels.ts';
import { ConditionalBatchNormalization, conditionalBatchNormalization } from './conditional-batch-normalization.ts';
import { conditionalDcganGenerator } from './conditional-dcgan.ts';

let tensors = 0;
beforeEach(() => {
  tensors = tf.memory().numTensors;
});
afterEach(() => {
  expect(tf.memory().numTensors).toBe(tensors);
});

const random = (name = 'x') => new RandomStream(1).fork(name);

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-5): void {
  expect(actual.length).toBe(expected.length);
  for (let index = 0; index < actual.length; index++) {
    expect(Math.abs(actual[index]! - expected[index]!)).toBeLessThan(tolerance * (1 + Math.abs(expected[index]!)));
  }
}

/** The recorded weights in a layer, that PyTorch has as an embedding of scales and one of offsets. */
function recordedLayer() {
  const { classes, momentum, epsilon, shape, gamma, beta } = recorded;
  const layer = new ConditionalBatchNormalization({ name: 'norm', classes, momentum, epsilon });
  tf.tidy(() => {
    layer.apply(tf.input({ shape: shape.slice(1) }));
    layer.trainableWeights[0]!.write(tf.tensor(gamma, [classes, shape.at(-1)!]));
    layer.trainableWeights[1]!.write(tf.tensor(beta, [classes, shape.at(-1)!]));
  });
  return layer;
}

test('output, gradients and moving averages equal PyTorch', () => {
  const layer = recordedLayer();
  expect(layer.weights.map(({ originalName }) => originalName.split('/').at(-1))).toEqual([
    'gamma',
    'beta',
    'moving_mean',
    'moving_variance',
  ]);
  tf.tidy(() => {
    const x = tf.tensor(recorded.x, recorded.shape);
    const weight = tf.tensor(recorded.upstream, recorded.shape);
    const condition = { labels: labelTensor(recorded.labels, recorded.classes) };
    const call = (input: tf.Tensor, updateState: boolean) =>
      layer.call(input, { training: true, updateState, condition });
    const loss = (input: tf.Tensor) => tf.sum(tf.mul(call(input, false), weight)) as tf.Scalar;
    expectClose(call(x, true).dataSync(), recorded.output);
    expectClose(tf.grad(loss)(x).dataSync(), recorded.inputGradient, 1e-4);
    const variables = layer.trainableWeights.map((each) => each.read() as tf.Variable);
    const { grads } = tf.variableGrads(() => loss(x), variables);
    expectClose(grads[variables[0]!.name]!.dataSync(), recorded.gammaGradient, 1e-4);
    expectClose(grads[variables[1]!.name]!.dataSync(), recorded.betaGradient, 1e-4);
    const [mean, variance] = layer.nonTrainableWeights.map((each) => each.read().dataSync());
    expectClose(mean!, recorded.movingMean);
    expectClose(variance!, recorded.movingVariance);
    expectClose(layer.call(x, { training: false, condition }).dataSync(), recorded.evaluated);
  });
  layer.dispose();
});

test('a sample between two classes has the scale and offset between theirs', () => {
  const layer = recordedLayer();
  tf.tidy(() => {
    const x = tf.tensor(recorded.x, recorded.shape);
    const batch = recorded.shape[0]!;
    const of = (vectors: tf.Tensor2D) => layer.call(x, { training: true, condition: { vectors } });
    const pure = (label: number) =>
      of(tf.oneHot(tf.fill([batch], label, 'int32'), recorded.classes).toFloat() as tf.Tensor2D);
    const row = Array.from({ length: recorded.classes }, (_, label) => (label === 0 ? 0.25 : label === 2 ? 0.75 : 0));
    const mixed = of(tf.tensor2d(Array.from({ length: batch }, () => row)));
    const expected = pure(0).mul(0.25).add(pure(2).mul(0.75));
    expectClose(mixed.dataSync(), expected.dataSync());
  });
  layer.dispose();
});

test('with the scales and offsets it starts with, it is batch normalisation', () => {
  const conditional = new ConditionalBatchNormalization({ classes: 3 });
  const plain = batchNormalization({});
  tf.tidy(() => {
    const x = random().normalTensor([6, 2, 2, 4]);
    const options = { training: true, condition: { labels: labelTensor([0, 1, 2, 0, 1, 2], 3) } };
    const y = conditional.apply(x, options) as tf.Tensor;
    expectClose(y.dataSync(), (plain.apply(x, { training: true }) as tf.Tensor).dataSync());
  });
  conditional.dispose();
  plain.dispose();
});

test('a layer made of the config is the same', () => {
  const layer = new ConditionalBatchNormalization({ name: 'n', classes: 3, momentum: 0.8, epsilon: 1e-4 });
  const copy = new ConditionalBatchNormalization(layer.getConfig() as never);
  expect([copy.name, copy.classes, copy.momentum, copy.epsilon]).toEqual(['n', 3, 0.8, 1e-4]);
});

const dcgan = () =>
  conditionalDcganGenerator({ outputShape: [8, 8, 1], latentSize: 5, width: 4, classes: 3, random: random('g') });

test('conditionalDcganGenerator: DCGAN with a scale and an offset for each class', () => {
  const generator = dcgan();
  const plain = dcganGenerator({ outputShape: [8, 8, 1], latentSize: 5, width: 4, random: random('g') });
  const normalization = /onditionalBatchNormalization|atchNormalization/;
  const rest = (names: readonly { name: string }[]) =>
    names.map(({ name }) => name).filter((name) => !normalization.test(name));
  const kinds = generator.variables
    .map(({ name }) => name.split('.')[2])
    .filter((kind) => kind !== 'kernel' && kind !== 'bias');
  expect(kinds).toEqual([...Array(2)].flatMap(() => ['gamma', 'beta', 'moving_mean', 'moving_variance']));
  expect(generator.variables.find(({ name }) => name.endsWith('gamma'))!.name).toBe(
    '2.conditionalBatchNormalization.gamma',
  );
  expect(rest(generator.variables).length).toBe(rest(plain.variables).length);
  const shapes = generator.variables.filter(({ name }) => name.endsWith('gamma')).map(({ variable }) => variable.shape);
  expect(shapes).toEqual([
    [3, 4],
    [3, 4],
  ]);
  tf.tidy(() => {
    const latent = random().normalTensor([3, 5]);
    const of = (labels: readonly number[]) =>
      generator.generate(latent, { training: false, condition: { labels: labelTensor(labels, 3) } });
    expect(of([0, 1, 2]).shape).toEqual([3, 8, 8, 1]);
    const gamma = generator.variables.find(({ name }) => name.endsWith('gamma'))!.variable;
    gamma.assign(tf.add(gamma, tf.tensor2d([[0], [1], [0]])));
    const difference = tf
      .sub(of([0, 1, 0]), of([0, 0, 0]))
      .abs()
      .max([1, 2, 3])
      .dataSync();
    expect([...difference].map((value) => value > 0)).toEqual([false, true, false]);
    expect(() => generator.generate(latent, { training: false })).toThrow(
      expect.objectContaining({ code: 'incompatible', message: expect.stringContaining('and was told none') }),
    );
  });
  generator.dispose();
  plain.dispose();
});

test('moving averages move when asked only, and nothing is left behind', () => {
  const generator = dcgan();
  const averages = () =>
    generator.variables.filter(({ trainable }) => !trainable).flatMap(({ variable }) => [...variable.dataSync()]);
  const labels = labelTensor([0, 1], 3);
  const before = tf.memory().numTensors;
  const pass = (updateState: boolean) =>
    tf.tidy(() => {
      generator.generate(random().normalTensor([2, 5]), { training: true, updateState, condition: { labels } });
    });
  const start = averages();
  pass(false);
  expect(averages()).toEqual(start);
  pass(true);
  expect(averages()).not.toEqual(start);
  expect(tf.memory().numTensors).toBe(before);
  labels.dispose();
  generator.dispose();
});

test('it is the normalisation of a residual generator as well', () => {
  const generator = resnetGenerator({
    outputShape: [8, 8, 3],
    latentSize: 4,
    channels: [4, 4],
    normalization: conditionalBatchNormalization({ classes: 2 }),
    random: random('r'),
  });
  tf.tidy(() => {
    const labels = labelTensor([1], 2);
    const samples = generator.generate(tf.ones([1, 4]), { training: false, condition: { labels } });
    expect(samples.shape).toEqual([1, 8, 8, 3]);
  });
  expect(
    generator.variables.filter(({ name }) => name.endsWith('gamma')).map(({ variable }) => variable.shape[0]),
  ).toEqual([2, 2, 2]);
  generator.dispose();
});
