import { RandomStream } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { parameterCount } from './network-checks.fixture.ts';
import { spatialGenerator } from './spatial-generator.ts';

const random = () => new RandomStream(1);

test('the latent is a matrix of noise, and each number of it decides about its neighbourhood only', () => {
  const generator = spatialGenerator({
    outputShape: [64, 64, 1],
    doublings: 2,
    width: 2,
    latentChannels: 3,
    random: random(),
  });
  expect(generator.latentShape).toEqual([16, 16, 3]);
  expect(generator.latentDistribution).toBe('uniform');
  tf.tidy(() => {
    const latent = random().uniformTensor([1, 16, 16, 3], -1, 1);
    const one = tf
      .oneHot(tf.tensor1d([8 * 16 + 8], 'int32'), 256)
      .toFloat()
      .reshape([1, 16, 16, 1]);
    const generate = (x: tf.Tensor) => generator.generate(x, { training: false });
    const difference = generate(latent.add(one)).sub(generate(latent)).abs().sum([0, 2, 3]).dataSync();
    const rows = [...difference.entries()].flatMap(([row, value]) => (value > 0 ? [row] : []));
    // Row i of the input of a layer reaches rows 2 i - 1 to 2 i + 3 of its output: 8 reaches 15 to 19, and these 29 to 41.
    expect([Math.min(...rows), Math.max(...rows)]).toEqual([29, 41]);
  });
  generator.dispose();
});

test('weights learned on small images fit a generator of larger ones', () => {
  const shared = { doublings: 3, width: 2, latentChannels: 4 };
  const small = spatialGenerator({ outputShape: [16, 16, 3], ...shared, random: random() });
  const large = spatialGenerator({ outputShape: [64, 32, 3], ...shared, random: random() });
  expect(large.variables.map(({ name, variable }) => [name, variable.shape])).toEqual(
    small.variables.map(({ name, variable }) => [name, variable.shape]),
  );
  expect(large.latentShape).toEqual([8, 4, 4]);
  const kernels = 25 * (4 * 4 + 4 * 2 + 2 * 3);
  expect(parameterCount(small)).toBe(kernels + 2 * (4 + 2) + 3);
  small.dispose();
  large.dispose();
});

test('sides that cannot be halved are refused', () => {
  expect(() => spatialGenerator({ outputShape: [7, 8, 1], random: random() })).toThrow('whose sides are even');
  expect(() => spatialGenerator({ outputShape: [8, 8, 1], doublings: 4, random: random() })).toThrow(
    'halves its images 4',
  );
});
