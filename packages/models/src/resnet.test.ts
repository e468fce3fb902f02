import { RandomStream } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { changedBy, checkPair, parameterCount, unreached } from './network-checks.fixture.ts';
import { resnetDiscriminator, resnetGenerator } from './resnet.ts';
import type { ImageShape } from './sample-shape.ts';

const random = () => new RandomStream(1);

const conv = (size: number, inputs: number, outputs: number) => size * size * inputs * outputs + outputs;
const norm = (channels: number) => 2 * channels;
const upBlock = (inputs: number, outputs: number) =>
  norm(inputs) + conv(3, inputs, outputs) + norm(outputs) + conv(3, outputs, outputs) + conv(1, inputs, outputs);
/** A block of D whose shortcut has a convolution; between its convolutions are as many channels as at its input. */
const downBlock = (inputs: number, outputs: number) =>
  conv(3, inputs, inputs) + conv(3, inputs, outputs) + conv(1, inputs, outputs);
const flatBlock = (channels: number) => 2 * conv(3, channels, channels);
const firstBlock = (channels: number) => conv(3, 3, channels) + conv(3, channels, channels) + conv(1, 3, channels);

test('32x32 has the parameters of the paper and of torch-mimicry: 4,276,739 and 1,053,825', () => {
  const generator = resnetGenerator({ outputShape: [32, 32, 3], random: random() });
  const expected = conv(1, 128, 16 * 256) + 3 * upBlock(256, 256) + norm(256) + conv(3, 256, 3);
  expect(expected).toBe(4_276_739);
  expect(parameterCount(generator)).toBe(expected);
  generator.dispose();
  const discriminator = resnetDiscriminator({ inputShape: [32, 32, 3], random: random() });
  const judged = firstBlock(128) + downBlock(128, 128) + 2 * flatBlock(128) + conv(1, 128, 1);
  expect(judged).toBe(1_053_825);
  expect(parameterCount(discriminator)).toBe(judged);
  discriminator.dispose();
});

/** The counts of the larger presets at another width, so that the test stays quick. */
test.each([
  [48, 6, [8, 4, 2, 1], [1, 2, 4, 8, 16], 3],
  [64, 4, [16, 8, 4, 2, 1], [1, 2, 4, 8, 16], 2],
  [128, 4, [16, 16, 8, 4, 2, 1], [1, 2, 4, 8, 16, 16], 4],
] as const)('%d pixels: the blocks of torch-mimicry', (side, start, factors, judging, last) => {
  const imageShape: ImageShape = [side, side, 3];
  const width = 2;
  const generator = resnetGenerator({ outputShape: imageShape, width, random: random() });
  const up = factors.slice(1).map((factor, index) => upBlock(factors[index]! * width, factor * width));
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  expect(parameterCount(generator)).toBe(
    conv(1, 128, start * start * factors[0] * width) + sum(up) + norm(width) + conv(3, width, 3),
  );
  const discriminator = resnetDiscriminator({ inputShape: imageShape, width, random: random() });
  const down = judging.slice(1).map((factor, index) => {
    const inputs = judging[index]! * width;
    return factor * width === inputs ? flatBlock(inputs) : downBlock(inputs, factor * width);
  });
  expect(parameterCount(discriminator)).toBe(firstBlock(width) + sum(down) + conv(1, 16 * width, 1));
  tf.tidy(() => {
    const { features } = discriminator.discriminate(tf.zeros([1, ...imageShape]), { training: false });
    expect(features!.at(-2)!.shape).toEqual([1, last, last, 16 * width]);
    expect(features!.at(-1)!.shape).toEqual([1, 16 * width]);
  });
  generator.dispose();
  discriminator.dispose();
});

test.each([
  ['16x16 grey', [16, 16, 1], {}],
  ['8x12 with attention and spectral normalisation in both', [8, 12, 2], { attention: 8, spectralNorm: true }],
] as const)('%s: shapes, gradients, seeds, state and leaks', (_, imageShape, options) => {
  checkPair((stream) => ({
    generator: resnetGenerator({ outputShape: imageShape, width: 4, latentSize: 3, random: stream, ...options }),
    discriminator: resnetDiscriminator({
      inputShape: imageShape,
      width: 4,
      random: stream,
      ...options,
      ...('attention' in options ? { attention: 4 } : {}),
    }),
  }));
});

test('singular vectors and moving averages move when the state may be updated, and then only they', () => {
  const imageShape: ImageShape = [8, 8, 1];
  const generator = resnetGenerator({ outputShape: imageShape, width: 2, latentSize: 3, random: random() });
  const discriminator = resnetDiscriminator({ inputShape: imageShape, width: 2, random: random() });
  const latent = random().normalTensor([4, 3]);
  const names = (suffix: RegExp, { variables }: typeof generator | typeof discriminator) =>
    variables.flatMap(({ name }) => (suffix.test(name) ? [name] : []));
  const generate = (updateState: boolean) =>
    changedBy(generator, () => generator.generate(latent, { training: true, updateState }));
  expect(generate(false)).toEqual([]);
  expect(generate(true)).toEqual(names(/moving_(mean|variance)$/, generator));
  const samples = random().normalTensor([4, ...imageShape]);
  const judge = (updateState: boolean) =>
    changedBy(discriminator, () => discriminator.discriminate(samples, { training: true, updateState }));
  expect(judge(false)).toEqual([]);
  const moved = judge(true);
  expect(moved.length).toBeGreaterThan(0);
  expect(names(/\.[uv]$/, discriminator)).toEqual(expect.arrayContaining(moved));
  tf.dispose([latent, samples]);
  generator.dispose();
  discriminator.dispose();
});

test('every kernel of the discriminator has spectral norm 1 from the first call on', () => {
  const discriminator = resnetDiscriminator({ inputShape: [8, 8, 3], width: 4, random: random() });
  const named = new Map(discriminator.variables.map(({ name, variable }) => [name, variable]));
  const layers = [...named.keys()].flatMap((name) => (name.endsWith('.u') ? [name.slice(0, -2)] : []));
  // A block with a shortcut, two without, and the dense layer.
  expect(layers).toHaveLength(3 + 2 + 2 + 1);
  tf.tidy(() => {
    for (const layer of layers) {
      const kernel = named.get(`${layer}.kernel`)!;
      const matrix = kernel.reshape<tf.Tensor2D>([-1, kernel.shape.at(-1)!]);
      // The largest eigenvalue of K^T K, by many power iterations from a vector of ones.
      const gram = matrix.matMul(matrix, true, false);
      let vector = tf.linspace(0.5, 1, gram.shape[0]!).reshape([-1, 1]);
      for (let iteration = 0; iteration < 200; iteration++) {
        vector = gram.matMul(vector);
        vector = vector.div(vector.norm());
      }
      const largest = Math.sqrt(gram.matMul(vector).norm().arraySync() as number);
      const [u, v] = [named.get(`${layer}.u`)!, named.get(`${layer}.v`)!];
      const estimate = v
        .reshape([1, -1])
        .matMul(matrix)
        .matMul(u.reshape([-1, 1]))
        .dataSync()[0]!;
      expect(Math.abs(estimate / largest - 1)).toBeLessThan(0.02);
    }
  });
  discriminator.dispose();
});

test('kernels start from Glorot, sqrt(2) times as wide on the residual path', () => {
  const generator = resnetGenerator({ outputShape: [8, 8, 1], width: 24, latentSize: 8, random: random() });
  const kernels = generator.variables.filter(({ name }) => name.endsWith('kernel'));
  const largest = kernels.map(({ variable }) => Math.max(...variable.dataSync().map(Math.abs)));
  const limits = kernels.map(({ variable }) => {
    const [height, width, inputs, outputs] = variable.rank === 4 ? variable.shape : [1, 1, ...variable.shape];
    return Math.sqrt(6 / (height! * width! * (inputs! + outputs!)));
  });
  const ratios = largest.map((value, index) => value / limits[index]!);
  // The dense layer, the two convolutions of the block, its shortcut, the image.
  const wide = ratios.filter((ratio) => ratio > 1.2);
  expect(wide).toHaveLength(2);
  expect(ratios).toHaveLength(5);
  for (const ratio of ratios) {
    const gain = ratio > 1.2 ? Math.SQRT2 : 1;
    expect(ratio).toBeLessThanOrEqual(gain * (1 + 1e-6));
    expect(ratio).toBeGreaterThan(0.95 * gain);
  }
  generator.dispose();
});

test('the last feature, times the last kernel over its norm, is the logit', () => {
  const discriminator = resnetDiscriminator({ inputShape: [8, 8, 1], width: 3, spectralNorm: false, random: random() });
  tf.tidy(() => {
    const { logits, features } = discriminator.discriminate(random().normalTensor([3, 8, 8, 1]), { training: true });
    const [kernel, bias] = discriminator.variables.slice(-2).map(({ variable }) => variable);
    const again = features!.at(-1)!.matMul(kernel!).add(bias!);
    expect(logits.sub(again).abs().max().arraySync()).toBeLessThan(1e-5);
    expect(
      features!
        .at(-1)!
        .sub(tf.relu(features!.at(-2)!).sum([1, 2]))
        .abs()
        .max()
        .arraySync(),
    ).toBeLessThan(1e-5);
  });
  discriminator.dispose();
});

test('what makes no sense is refused', () => {
  const imageShape: ImageShape = [16, 16, 1];
  expect(() => resnetGenerator({ outputShape: imageShape, attention: 5, width: 2, random: random() })).toThrow(
    'No block gives a map of height 5 for attention; choose one of 8, 16.',
  );
  expect(() => resnetGenerator({ outputShape: imageShape, channels: [2, 2, 2, 2, 2, 2], random: random() })).toThrow(
    'halves its images 5 times',
  );
  expect(() =>
    resnetDiscriminator({ inputShape: imageShape, blocks: [{ channels: 0, downsample: true }], random: random() }),
  ).toThrow('blocks[0] must be');
  expect(() => resnetDiscriminator({ inputShape: [27, 27, 1], random: random() })).toThrow(
    'A residual discriminator needs',
  );
});

test('the gradient of one sample does not depend on the others of its batch', () => {
  const generator = resnetGenerator({
    outputShape: [8, 8, 1],
    width: 2,
    latentSize: 3,
    normalization: 'none',
    random: random(),
  });
  tf.tidy(() => {
    const latent = random().normalTensor<tf.Rank.R2>([3, 3]);
    const gradient = tf.grad((x) => generator.generate(x, { training: true }).square().sum());
    const [together, alone] = [gradient(latent), tf.concat(tf.split(latent, 3).map((row) => gradient(row)))];
    // TensorFlow.js alone has a wrong gradient of nearest-neighbour upsampling in batches.
    expect(together.sub(alone).abs().max().arraySync()).toBeLessThan(1e-5);
  });
  generator.dispose();
});

test('the gradient of a gradient penalty reaches every kernel of the discriminator, attention included', () => {
  const discriminator = resnetDiscriminator({ inputShape: [8, 8, 1], width: 4, attention: 4, random: random() });
  const gain = discriminator.variables.find(({ name }) => name.endsWith('attention-gain'))!.variable;
  tf.tidy(() => {
    gain.assign(tf.scalar(0.5));
  });
  const samples = random().normalTensor([2, 8, 8, 1]);
  const gradient = () =>
    tf.grad((x) => discriminator.discriminate(x, { training: true, updateState: false }).logits.sum())(samples);
  // The slope of a piecewise linear function does not change with a bias; through attention with some of them it does.
  expect(unreached(discriminator, gradient).filter((name) => !name.endsWith('bias'))).toEqual([]);
  samples.dispose();
  discriminator.dispose();
});
