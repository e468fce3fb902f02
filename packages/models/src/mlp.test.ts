import { RandomStream } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { mlpDiscriminator, mlpGenerator } from './mlp.ts';

let tensors = 0;
beforeEach(() => {
  tensors = tf.memory().numTensors;
});
afterEach(() => {
  expect(tf.memory().numTensors).toBe(tensors);
});

const random = () => new RandomStream(1);

/** The network by hand in float64, from its variables in order. */
function byHand(input: readonly number[], weights: readonly (readonly number[])[], slope: number): number[] {
  let x = [...input];
  for (let layer = 0; layer < weights.length; layer += 2) {
    const [kernel, bias] = [weights[layer]!, weights[layer + 1]!];
    const units = bias.length;
    const sums = bias.map((start, unit) =>
      x.reduce((sum, value, row) => sum + value * kernel[row * units + unit]!, start),
    );
    x = layer + 2 < weights.length ? sums.map((value) => (value < 0 ? slope * value : value)) : sums;
  }
  return x;
}

test('generator and discriminator compute what their weights say', () => {
  const generator = mlpGenerator({ outputShape: [2], latentSize: 3, hidden: [5, 4], random: random() });
  const discriminator = mlpDiscriminator({ inputShape: [2], hidden: [4, 3], random: random() });
  tf.tidy(() => {
    for (const { variable } of [...generator.variables, ...discriminator.variables]) {
      if (variable.rank === 1) variable.assign(random().normalTensor(variable.shape));
    }
    const weightsOf = (network: typeof generator | typeof discriminator) =>
      network.variables.map(({ variable }) => [...variable.dataSync()]);
    const sample = generator.generate(tf.tensor2d([[0.3, -1, 2]]), { training: true });
    const expected = byHand([0.3, -1, 2], weightsOf(generator), 0);
    expect(
      Math.max(...Array.from(sample.dataSync(), (value, index) => Math.abs(value - expected[index]!))),
    ).toBeLessThan(1e-5);
    const { logits, features } = discriminator.discriminate(tf.tensor2d([[-0.7, 0.9]]), { training: true });
    expect(Math.abs(logits.dataSync()[0]! - byHand([-0.7, 0.9], weightsOf(discriminator), 0.2)[0]!)).toBeLessThan(1e-5);
    expect(features?.map(({ shape }) => shape)).toEqual([
      [1, 4],
      [1, 3],
    ]);
  });
  generator.dispose();
  discriminator.dispose();
});

test('He initialisation has variance 2 / fan in, Glorot is bounded', () => {
  const wide = mlpDiscriminator({ inputShape: [100], hidden: [400], random: random() });
  const bounded = mlpDiscriminator({ inputShape: [100], hidden: [400], activation: 'tanh', random: random() });
  tf.tidy(() => {
    const variance = tf.moments(wide.variables[0]!.variable).variance.arraySync() as number;
    expect(Math.abs(variance / (2 / 100) - 1)).toBeLessThan(6 * Math.sqrt(2 / 40_000));
    const limit = Math.sqrt(6 / 500);
    const largest = bounded.variables[0]!.variable.abs().max().arraySync() as number;
    expect(largest).toBeLessThanOrEqual(limit);
    expect(largest).toBeGreaterThan(0.99 * limit);
  });
  wide.dispose();
  bounded.dispose();
});

test('images come out in [-1, 1] and in their shape', () => {
  const generator = mlpGenerator({ outputShape: [4, 3, 1], hidden: [8], random: random() });
  tf.tidy(() => {
    const samples = generator.generate(tf.mul(100, random().normalTensor([6, 16])), { training: false });
    expect(samples.shape).toEqual([6, 4, 3, 1]);
    expect(samples.abs().max().arraySync()).toBeLessThanOrEqual(1);
  });
  generator.dispose();
});

test.each([
  ['two-class', [3, 2], [3, 8]],
  ['energy', [3], [3, 1]],
] as const)('verdict %s', (verdict, shape, featureShape) => {
  const discriminator = mlpDiscriminator({ inputShape: [2], hidden: [8], verdict, random: random() });
  expect(discriminator.verdict).toBe(verdict);
  tf.tidy(() => {
    const { logits, features } = discriminator.discriminate(random().normalTensor([3, 2]), { training: true });
    expect(logits.shape).toEqual(shape);
    expect(features?.[0]?.shape).toEqual(featureShape);
  });
  discriminator.dispose();
});

test('widths that make no sense are refused', () => {
  expect(() => mlpGenerator({ outputShape: [2], hidden: [8, 0], random: random() })).toThrow('hidden[1] must be');
  expect(() => mlpGenerator({ outputShape: [2], latentSize: 1.5, random: random() })).toThrow('latentSize');
});
