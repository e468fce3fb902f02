import { RandomStream } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { dcganDiscriminator, dcganGenerator } from './dcgan.ts';
import type { ImageShape } from './sample-shape.ts';

let tensors = 0;
beforeEach(() => {
  tensors = tf.memory().numTensors;
});
afterEach(() => {
  expect(tf.memory().numTensors).toBe(tensors);
});

const random = () => new RandomStream(1);
const small: ImageShape = [8, 8, 1];

function parameterCount(variables: readonly { variable: tf.Variable; trainable: boolean }[]): number {
  return variables.filter(({ trainable }) => trainable).reduce((sum, { variable }) => sum + variable.size, 0);
}

test('the generator for 28x28 is 7x7x128, 14x14x128, 28x28x64, image', () => {
  const generator = dcganGenerator({ outputShape: [28, 28, 1], random: random() });
  expect(generator.latentShape).toEqual([100]);
  expect(generator.outputShape).toEqual([28, 28, 1]);
  const project = 100 * 7 * 7 * 128 + 2 * 128;
  const up = 4 * 4 * 128 * 128 + 2 * 128 + (4 * 4 * 128 * 64 + 2 * 64);
  const image = 3 * 3 * 64 + 1;
  expect(parameterCount(generator.variables)).toBe(project + up + image);
  generator.dispose();
});

test('the generator for 32x32 starts at 4x4x256', () => {
  const generator = dcganGenerator({ outputShape: [32, 32, 3], random: random() });
  const project = 100 * 4 * 4 * 256 + 2 * 256;
  const up = 16 * 256 * 256 + 2 * 256 + (16 * 256 * 128 + 2 * 128) + (16 * 128 * 64 + 2 * 64);
  expect(parameterCount(generator.variables)).toBe(project + up + 9 * 64 * 3 + 3);
  generator.dispose();
});

test('the discriminator halves with doubling channels and ends in one logit', () => {
  const discriminator = dcganDiscriminator({ inputShape: [28, 28, 1], random: random() });
  const down = 16 * 64 + 64 + (16 * 64 * 128 + 128);
  expect(parameterCount(discriminator.variables)).toBe(down + 7 * 7 * 128 + 1);
  discriminator.dispose();
  const normalized = dcganDiscriminator({ inputShape: [28, 28, 1], normalization: 'batch', random: random() });
  expect(parameterCount(normalized.variables)).toBe(down - 128 + 2 * 128 + 7 * 7 * 128 + 1);
  normalized.dispose();
});

test('samples lie in [-1, 1], verdicts and features have the promised shapes', () => {
  const generator = dcganGenerator({ outputShape: small, latentSize: 5, width: 4, random: random() });
  const discriminator = dcganDiscriminator({ inputShape: small, width: 4, random: random() });
  tf.tidy(() => {
    const samples = generator.generate(random().normalTensor([3, 5]), { training: true });
    expect(samples.shape).toEqual([3, 8, 8, 1]);
    expect(samples.abs().max().arraySync()).toBeLessThanOrEqual(1);
    const { logits, features } = discriminator.discriminate(samples, { training: true });
    expect(logits.shape).toEqual([3, 1]);
    expect(features?.map(({ shape }) => shape)).toEqual([[3, 4 * 4 * 4]]);
    expect(discriminator.heads).toEqual(['features']);
  });
  generator.dispose();
  discriminator.dispose();
});

test('kernels start from N(0, 0.02), scales from N(1, 0.02), all from the given stream', () => {
  const build = () => dcganGenerator({ outputShape: [28, 28, 1], random: random() });
  const [first, second] = [build(), build()];
  tf.tidy(() => {
    for (const [index, { name, variable }] of first.variables.entries()) {
      expect(variable.dataSync()).toEqual(second.variables[index]!.variable.dataSync());
      const { mean, variance } = tf.moments(variable);
      const tolerance = (6 * 0.02) / Math.sqrt(variable.size);
      if (/kernel|gamma/.test(name)) {
        expect(Math.abs((mean.arraySync() as number) - (name.endsWith('gamma') ? 1 : 0))).toBeLessThan(tolerance);
        expect(Math.abs(Math.sqrt(variance.arraySync() as number) - 0.02)).toBeLessThan(tolerance);
      }
    }
  });
  const names = first.variables.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  // The same names in a second model of the same process: no global counter.
  expect(second.variables.map(({ name }) => name)).toEqual(names);
  first.dispose();
  second.dispose();
});

test('in evaluation a sample does not depend on its batch, in training it does', () => {
  const generator = dcganGenerator({ outputShape: small, latentSize: 5, width: 4, random: random() });
  tf.tidy(() => {
    const latent = random().normalTensor([4, 5]);
    const alone = (training: boolean) => generator.generate(latent.slice([0, 0], [1, 5]), { training }).dataSync();
    const among = (training: boolean) => generator.generate(latent, { training }).slice(0, 1).dataSync();
    const difference = (a: ArrayLike<number>, b: ArrayLike<number>) =>
      Math.max(...Array.from(a, (value, index) => Math.abs(value - b[index]!)));
    expect(difference(alone(false), among(false))).toBeLessThan(1e-6);
    expect(difference(alone(true), among(true))).toBeGreaterThan(1e-6);
  });
  generator.dispose();
});

test('an energy is the mean squared error of the reconstruction', () => {
  const discriminator = dcganDiscriminator({ inputShape: small, width: 4, verdict: 'energy', random: random() });
  expect(discriminator.verdict).toBe('energy');
  tf.tidy(() => {
    for (const { variable } of discriminator.variables) variable.assign(tf.zerosLike(variable));
    // All weights zero: the reconstruction is zero, and the error is the mean square of the sample.
    const samples = tf.stack([tf.fill([8, 8, 1], 0.5), tf.fill([8, 8, 1], -1)]);
    const { logits, features } = discriminator.discriminate(samples, { training: true });
    expect(logits.arraySync()).toEqual([0.25, 1]);
    expect(features?.[0]?.shape).toEqual([2, 4]);
  });
  discriminator.dispose();
});

test('images that cannot be halved and inputs that do not fit are refused', () => {
  expect(() => dcganGenerator({ outputShape: [27, 27, 1], random: random() })).toThrow(
    'sides are even and at least 8, not [27, 27, 1]',
  );
  expect(() => dcganDiscriminator({ inputShape: [28, 0, 1], random: random() })).toThrow('Each size of inputShape');
  const generator = dcganGenerator({ outputShape: small, latentSize: 5, width: 2, random: random() });
  tf.tidy(() => {
    expect(() => generator.generate(tf.zeros([2, 6]), { training: false })).toThrow(
      'must be float32 of shape [batch, 5], not float32 of shape [2, 6]',
    );
  });
  generator.dispose();
});

test.each([
  [[16, 16, 1], 2],
  [[48, 32, 2], 3],
  [[128, 128, 4], 5],
  [[64, 96, 3], 4],
] as const)('images %j: G and D fit each other, with %d halvings', (imageShape, halvings) => {
  const generator = dcganGenerator({ outputShape: imageShape, latentSize: 3, width: 1, random: random() });
  const discriminator = dcganDiscriminator({ inputShape: imageShape, width: 1, random: random() });
  tf.tidy(() => {
    const samples = generator.generate(random().normalTensor([1, 3]), { training: false });
    expect(samples.shape).toEqual([1, ...imageShape]);
    const { logits, features } = discriminator.discriminate(samples, { training: true });
    expect(logits.shape).toEqual([1, 1]);
    expect(features).toHaveLength(halvings);
    const last = (imageShape[0] * imageShape[1]) / 4 ** halvings;
    expect(features!.at(-1)!.shape).toEqual([1, last * 2 ** (halvings - 1)]);
  });
  generator.dispose();
  discriminator.dispose();
});

test('with the transposed image layer, 64x64 has the 3,576,704 parameters of the PyTorch DCGAN example', () => {
  const generator = dcganGenerator({ outputShape: [64, 64, 3], imageLayer: 'transposed', random: random() });
  const kernels = 100 * 16 * 512 + 16 * (512 * 256 + 256 * 128 + 128 * 64 + 64 * 3);
  expect(kernels + 2 * (512 + 256 + 128 + 64)).toBe(3_576_704);
  expect(parameterCount(generator.variables)).toBe(3_576_704);
  generator.dispose();
  // The example's discriminator has 2,765,568; ours has biases besides, at the first convolution and at the logit.
  const discriminator = dcganDiscriminator({ inputShape: [64, 64, 3], normalization: 'batch', random: random() });
  expect(parameterCount(discriminator.variables)).toBe(2_765_568 + 64 + 1);
  discriminator.dispose();
});

test('the last feature is what the logit is read from', () => {
  const discriminator = dcganDiscriminator({ inputShape: [16, 16, 1], width: 2, random: random() });
  tf.tidy(() => {
    const samples = random().normalTensor([3, 16, 16, 1]);
    const { logits, features } = discriminator.discriminate(samples, { training: true });
    const [kernel, bias] = discriminator.variables.slice(-2).map(({ variable }) => variable);
    const again = features!.at(-1)!.matMul(kernel!).add(bias!);
    expect(logits.sub(again).abs().max().arraySync()).toBeLessThan(1e-6);
  });
  discriminator.dispose();
});

test('normalisation can be replaced by a layer of the user, which is told the condition', () => {
  const seen: unknown[] = [];
  class Told extends tf.layers.Layer {
    static className = 'Told';
    override call(input: tf.Tensor | tf.Tensor[], options: { condition?: unknown }): tf.Tensor {
      seen.push(options.condition);
      return tf.clone(Array.isArray(input) ? input[0]! : input);
    }
  }
  const names: string[] = [];
  const normalization = (name: string) => {
    names.push(name);
    return new Told({ name });
  };
  const generator = dcganGenerator({ outputShape: small, latentSize: 3, width: 2, normalization, random: random() });
  tf.tidy(() => {
    const condition = { labels: tf.tensor1d([1], 'int32') };
    generator.generate(tf.zeros([1, 3]), { training: true, condition });
    expect(names).toEqual(['start-relu-normalization', 'up-0-relu-normalization']);
    expect(seen.map((value) => value === condition)).toEqual([true, true]);
  });
  generator.dispose();
});
