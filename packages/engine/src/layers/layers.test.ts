// What every layer must do: leave nothing behind, come back from JSON and weights unchanged, and say what is wrong with its input.
import { RandomStream } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import * as layers from './index.ts';

const image = [6, 6, 8];

const makers: Readonly<Record<string, () => tf.layers.Layer>> = {
  pixelNormalization: () => layers.pixelNormalization({ inputShape: image, epsilon: 1e-6 }),
  instanceNormalization: () => layers.instanceNormalization({ inputShape: image, center: false }),
  groupNormalization: () => layers.groupNormalization({ inputShape: image, groups: 4, scale: false }),
  batchNormalization: () => layers.batchNormalization({ inputShape: image, momentum: 0.5 }),
  'batchNormalization without scale': () => layers.batchNormalization({ inputShape: image, scale: false }),
  'batchNormalization without center': () => layers.batchNormalization({ inputShape: image, center: false }),
  'batchNormalization with activation': () =>
    layers.batchNormalization({ inputShape: image, activation: { leakyRelu: 0.2 } }),
  minibatchStandardDeviation: () => layers.minibatchStandardDeviation({ inputShape: image, groupSize: 2 }),
  selfAttention: () => layers.selfAttention({ inputShape: image, reduction: 4, seed: 'a' }),
  equalizedDense: () =>
    layers.equalizedDense({ inputShape: [12], units: 5, gain: 1, learningRateMultiplier: 0.1, seed: 3 }),
  equalizedConv2d: () =>
    layers.equalizedConv2d({ inputShape: image, filters: 3, kernelSize: 3, strides: 2, padding: 'valid', seed: 3 }),
  pixelShuffle: () => layers.pixelShuffle({ inputShape: image }),
  blur: () => layers.blur({ inputShape: image }),
  seededDropout: () => layers.seededDropout({ inputShape: image, rate: 0.25, seed: 'x' }),
  'seededDropout of channels': () =>
    layers.seededDropout({ inputShape: image, rate: 0.25, noiseShape: [null, 1, 1, null] }),
  seededGaussianNoise: () => layers.seededGaussianNoise({ inputShape: image, stddev: 0.1, seed: 'x' }),
  'spectral dense': () =>
    layers.spectralNormalization(tf.layers.dense({ inputShape: [12], units: 5, activation: 'tanh' })),
  'spectral conv2d': () =>
    layers.spectralNormalization(tf.layers.conv2d({ inputShape: image, filters: 4, kernelSize: 3, strides: 2 }), {
      powerIterations: 2,
      seed: 5,
    }),
  'spectral conv2dTranspose': () =>
    layers.spectralNormalization(
      tf.layers.conv2dTranspose({ inputShape: image, filters: 4, kernelSize: 4, strides: 2 }),
    ),
  'spectral depthwiseConv2d': () =>
    layers.spectralNormalization(tf.layers.depthwiseConv2d({ inputShape: image, kernelSize: 3 })),
};

const inputFor = (model: tf.LayersModel) =>
  new RandomStream('input').normalTensor([4, ...(model.inputs[0]!.shape.slice(1) as number[])]);

describe.each(Object.entries(makers))('%s', (_, make) => {
  it('has the output shape that it announces', () => {
    const model = tf.sequential({ layers: [make()] });
    const x = inputFor(model);
    const output = model.apply(x, { training: true }) as tf.Tensor;
    expect(output.shape.slice(1)).toEqual(model.outputs[0]!.shape.slice(1));
    model.dispose();
  });

  it('comes back from JSON and weights with the same output', async () => {
    const model = tf.sequential({ layers: [make()] });
    const x = inputFor(model);
    // Two training steps move whatever state there is away from where it starts.
    for (let step = 0; step < 2; step++) tf.dispose(model.apply(x, { training: true, updateState: true }) as tf.Tensor);
    let saved: tf.io.ModelArtifacts | undefined;
    await model.save(
      tf.io.withSaveHandler(async (artifacts) => {
        saved = artifacts;
        return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
      }),
    );
    const copy = { ...saved!, modelTopology: JSON.parse(JSON.stringify(saved!.modelTopology)) };
    const restored = await tf.loadLayersModel(tf.io.fromMemory(copy));
    expect(restored.layers.map((layer) => layer.getConfig())).toEqual(model.layers.map((layer) => layer.getConfig()));
    const before = model.predict(x) as tf.Tensor;
    const after = restored.predict(x) as tf.Tensor;
    expect(Array.from(after.dataSync())).toEqual(Array.from(before.dataSync()));
    model.dispose();
    restored.dispose();
  });

  it.each([0, 0.7, -300])(
    'has finite derivatives of first and second order where its input is %d everywhere',
    (value) => {
      const model = tf.sequential({ layers: [make()] });
      const x = tf.fill([4, ...(model.inputs[0]!.shape.slice(1) as number[])], value);
      const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
      // The middle of an output that is not symmetric in its elements, or normalisation would have no slope at all.
      const slope = (at: tf.Tensor) => {
        const output = model.apply(at, { training: true, updateState: true }) as tf.Tensor;
        const weights = new RandomStream('weights').normalTensor(output.shape);
        return tf.sum(tf.mul(tf.square(output), weights)) as tf.Scalar;
      };
      const penalty = (at: tf.Tensor) => tf.sum(tf.square(tf.grad(slope)(at))) as tf.Scalar;
      tf.tidy(() => {
        const results: tf.Tensor[] = [tf.grad(slope)(x), tf.grad(penalty)(x)];
        if (variables.length > 0) {
          results.push(...Object.values(tf.variableGrads(() => slope(x), variables).grads));
          results.push(...Object.values(tf.variableGrads(() => penalty(x), variables).grads));
        }
        for (const result of results) expect(Array.from(result.dataSync()).every(Number.isFinite)).toBe(true);
      });
      model.dispose();
    },
  );

  it('leaves nothing behind', () => {
    const start = tf.memory().numTensors;
    const model = tf.sequential({ layers: [make()] });
    const x = inputFor(model);
    const step = () => {
      const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
      const loss = () =>
        tf.sum(tf.square(model.apply(x, { training: true, updateState: true }) as tf.Tensor)) as tf.Scalar;
      if (variables.length === 0) return tf.dispose(loss());
      const { value, grads } = tf.variableGrads(loss, variables);
      tf.dispose([value, ...Object.values(grads)]);
    };
    tf.tidy(step);
    const during = tf.memory().numTensors;
    for (let count = 0; count < 3; count++) {
      tf.dispose(model.apply(x, { training: true }) as tf.Tensor);
      tf.dispose(model.apply(x, { training: false }) as tf.Tensor);
      tf.tidy(step);
    }
    expect(tf.memory().numTensors).toBe(during);
    x.dispose();
    model.dispose();
    expect(tf.memory().numTensors).toBe(start);
  });
});

it('refuses what it cannot take, in a sentence', () => {
  const x = tf.zeros([3, 4, 4, 6]);
  expect(() => layers.groupNormalization({ groups: 4 }).apply(x)).toThrow('cannot part 6 channels into 4 groups');
  expect(() => layers.minibatchStandardDeviation({ groupSize: 2 }).apply(x)).toThrow('cannot part a batch of 3');
  expect(() => layers.pixelShuffle().apply(x)).toThrow('use a multiple of 4');
  expect(() => layers.equalizedDense({ units: 2 }).apply(x)).toThrow('flatten it first');
  expect(() => layers.spectralNormalization(tf.layers.flatten()).apply(x)).toThrow('which Flatten has not');
  expect(() => layers.seededDropout({ rate: 1 })).toThrow('rate must be below 1');
  expect(() => layers.batchNormalization({ epsilon: 0 })).toThrow('epsilon must be');
});

it('shuffles channels into pixels in the order that it documents', () => {
  const x = tf.tensor4d(
    Array.from({ length: 1 * 1 * 2 * 8 }, (_, index) => index),
    [1, 1, 2, 8],
  );
  const y = layers.pixelShuffle().apply(x) as tf.Tensor4D;
  expect(y.shape).toEqual([1, 2, 4, 2]);
  const values = y.arraySync();
  for (let row = 0; row < 2; row++) {
    for (let column = 0; column < 4; column++) {
      for (let channel = 0; channel < 2; channel++) {
        const source = Math.floor(column / 2) * 8 + (row * 2 + (column % 2)) * 2 + channel;
        expect(values[0]![row]![column]![channel]).toBe(source);
      }
    }
  }
});

describe('batch normalisation', () => {
  const x = tf.keep(
    tf.tensor2d([
      [1, 10],
      [3, 30],
      [5, 80],
    ]),
  );
  const weight = (layer: tf.layers.Layer, name: string) =>
    Array.from(
      layer.weights
        .find(({ originalName }) => originalName.endsWith(name))!
        .read()
        .dataSync(),
    );

  it('moves its averages only when asked, by default', () => {
    const layer = layers.batchNormalization({ momentum: 0.9 });
    layer.apply(x, { training: true });
    layer.apply(x, { training: true, updateState: false });
    layer.apply(x, { updateState: true });
    expect(weight(layer, 'moving_mean')).toEqual([0, 0]);
    layer.apply(x, { training: true, updateState: true });
    // Means 3 and 40, unbiased variances 4 and 1300.
    weight(layer, 'moving_mean').forEach((value, index) => {
      expect(value).toBeCloseTo([0.3, 4][index]!, 5);
    });
    weight(layer, 'moving_variance').forEach((value, index) => {
      expect(value).toBeCloseTo([0.9 + 0.4, 0.9 + 130][index]!, 4);
    });
  });

  it('moves them in every training call when it is made so, unless a call forbids it', () => {
    const layer = layers.batchNormalization({ momentum: 0, movingAverages: 'every-training-call' });
    layer.apply(x, { training: true, updateState: false });
    layer.apply(x);
    expect(weight(layer, 'moving_mean')).toEqual([0, 0]);
    layer.apply(x, { training: true });
    expect(weight(layer, 'moving_mean')).toEqual([3, 40]);
  });

  it('is asked through a whole model', () => {
    const layer = layers.batchNormalization({ momentum: 0, inputShape: [2] });
    const model = tf.sequential({ layers: [layer] });
    model.apply(x, { training: true, updateState: true });
    expect(weight(layer, 'moving_mean')).toEqual([3, 40]);
    const output = model.predict(x) as tf.Tensor;
    expect(output.dataSync()[0]).toBeCloseTo(-2 / Math.sqrt(4.001), 5);
  });
});

it('batch normalisation with an activation equals the two layers', () => {
  const x = new RandomStream(1).normalTensor([5, 3]);
  for (const training of [true, false]) {
    const plain = layers.batchNormalization().apply(x, { training }) as tf.Tensor;
    const relu = layers.batchNormalization({ activation: 'relu' }).apply(x, { training }) as tf.Tensor;
    const leaky = layers.batchNormalization({ activation: { leakyRelu: 0.1 } }).apply(x, { training }) as tf.Tensor;
    expect(Array.from(relu.dataSync())).toEqual(Array.from(tf.relu(plain).dataSync()));
    expect(Array.from(leaky.dataSync())).toEqual(Array.from(tf.leakyRelu(plain, 0.1).dataSync()));
  }
});

describe('seeded dropout', () => {
  const ones = tf.keep(tf.ones([50, 40]));
  const masks = (layer: layers.SeededDropout, count: number) =>
    Array.from({ length: count }, () => Array.from((layer.apply(ones, { training: true }) as tf.Tensor).dataSync()));

  it('draws a new mask each time, the same in every run, and keeps the mean', () => {
    const [first, second] = masks(layers.seededDropout({ rate: 0.3, seed: 1 }), 2);
    expect(first).not.toEqual(second);
    expect(masks(layers.seededDropout({ rate: 0.3, seed: 1 }), 2)).toEqual([first, second]);
    expect(masks(layers.seededDropout({ rate: 0.3, seed: 2 }), 1)).not.toEqual([first]);
    expect(new Set(first)).toEqual(new Set([0, Math.fround(1 / 0.7)]));
    const mean = first!.reduce((sum, value) => sum + value, 0) / first!.length;
    // Standard error of the mean of 2000 draws: sqrt(0.3 / 0.7 / 2000) = 0.015.
    expect(Math.abs(mean - 1)).toBeLessThan(4 * 0.015);
  });

  it('shares a decision along the axes of size 1 of its noise shape', () => {
    const layer = layers.seededDropout({ rate: 0.5, noiseShape: [null, 1, 1, null] });
    const y = layer.apply(tf.ones([8, 3, 5, 16]), { training: true }) as tf.Tensor4D;
    const [least, most] = [tf.min(y, [1, 2]), tf.max(y, [1, 2])].map((each) => Array.from(each.dataSync()));
    expect(least).toEqual(most);
    expect(new Set(least)).toEqual(new Set([0, 2]));
    const wrong = layers.seededDropout({ rate: 0.5, noiseShape: [null, 2] });
    expect(() => wrong.apply(ones, { training: true })).toThrow('a noiseShape of [null, 2]; give 1 or null');
  });

  it('goes on with the same masks after a restore, and does nothing outside training', async () => {
    const straight = layers.seededDropout({ rate: 0.5, seed: 1 });
    const [, , third] = masks(straight, 3);
    const interrupted = layers.seededDropout({ rate: 0.5, seed: 1 });
    masks(interrupted, 2);
    const resumed = layers.seededDropout({ rate: 0.5, seed: 9 });
    resumed.loadState(JSON.parse(JSON.stringify(await interrupted.saveState())));
    expect(masks(resumed, 1)[0]).toEqual(third);
    expect(Array.from((straight.apply(ones) as tf.Tensor).dataSync())).toEqual(Array.from(ones.dataSync()));
    expect(() => resumed.loadState({ values: {} })).toThrow('damaged');
  });
});

describe('seeded Gaussian noise', () => {
  const zeros = tf.keep(tf.zeros([50, 40]));
  const noise = (layer: layers.SeededGaussianNoise) =>
    Array.from((layer.apply(zeros, { training: true }) as tf.Tensor).dataSync());

  it('adds new noise of its deviation each time, the same in every run', () => {
    const layer = layers.seededGaussianNoise({ stddev: 0.5, seed: 1 });
    const [first, second] = [noise(layer), noise(layer)];
    expect(first).not.toEqual(second);
    expect(noise(layers.seededGaussianNoise({ stddev: 0.5, seed: 1 }))).toEqual(first);
    const square = first.reduce((sum, value) => sum + value * value, 0) / first.length;
    // Standard error of the variance of 2000 draws: 0.25 sqrt(2 / 2000) = 0.008.
    expect(Math.abs(square - 0.25)).toBeLessThan(4 * 0.008);
    expect(Array.from((layer.apply(zeros) as tf.Tensor).dataSync())).toEqual(new Array(2000).fill(0));
    expect(() => layers.seededGaussianNoise({ stddev: -1 })).toThrow('stddev must be');
  });

  it('goes on with the same noise after a restore', async () => {
    const straight = layers.seededGaussianNoise({ stddev: 1, seed: 1 });
    const resumed = layers.seededGaussianNoise({ stddev: 1, seed: 9 });
    noise(straight);
    resumed.loadState(JSON.parse(JSON.stringify(await straight.saveState())));
    expect(noise(resumed)).toEqual(noise(straight));
  });
});
