import '@gankit/engine/gradients';
import { RandomStream } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { checkPair, disturb, parameterCount, unreached } from './network-checks.fixture.ts';
import { r3ganDiscriminator, r3ganGenerator } from './r3gan.ts';
import type { ImageShape } from './sample-shape.ts';

const random = () => new RandomStream(1);

/** Parameters of the published networks for 32x32x3: four sizes of two blocks, all with `width` channels, groups of 16. */
function published(width: number) {
  const inner = 2 * width;
  const block = width * inner + inner + (9 * 16 * inner + inner) + inner * width;
  const blocks = 4 * 2 * block;
  return {
    generator: 64 * width + 16 * width + blocks + 3 * width,
    discriminator: 3 * width + blocks + 16 * width + width,
  };
}

test('32x32 has the parameters of the published networks, 20.7 million each', () => {
  expect(published(768)).toEqual({ generator: 20_732_160, discriminator: 20_683_776 });
  // The same networks at a twelfth of the width, so that the test stays quick.
  const options = { width: 64, random: random() };
  const generator = r3ganGenerator({ outputShape: [32, 32, 3], ...options });
  const discriminator = r3ganDiscriminator({ inputShape: [32, 32, 3], ...options });
  expect(parameterCount(generator)).toBe(published(64).generator);
  expect(parameterCount(discriminator)).toBe(published(64).discriminator);
  generator.dispose();
  discriminator.dispose();
});

test('above 32 pixels the channels halve with each doubling, as in the presets for FFHQ', () => {
  const discriminator = r3ganDiscriminator({
    inputShape: [128, 128, 3],
    width: 8,
    blocksPerStage: 1,
    random: random(),
  });
  tf.tidy(() => {
    const { features } = discriminator.discriminate(tf.zeros([1, 128, 128, 3]), { training: false });
    expect(features!.map(({ shape }) => shape.slice(1))).toEqual([
      [128, 128, 2],
      [64, 64, 4],
      [32, 32, 8],
      [16, 16, 8],
      [8, 8, 8],
      [4, 4, 8],
      [8],
    ]);
  });
  discriminator.dispose();
});

test.each([
  ['28x28 grey', [28, 28, 1], { width: 3, blocksPerStage: 1 }],
  ['8x16, two groups, one block', [8, 16, 2], { width: 4, channelsPerGroup: 4, blocksPerStage: 1 }],
  ['explicit channels', [16, 16, 1], { channels: [6, 4, 3], channelsPerGroup: 2, expansion: 2, blocksPerStage: 1 }],
] as const)('%s: shapes, gradients, seeds, state and leaks', (_, imageShape, options) => {
  checkPair((stream) => ({
    generator: r3ganGenerator({ outputShape: imageShape, latentSize: 3, random: stream, ...options }),
    discriminator: r3ganDiscriminator({ inputShape: imageShape, random: stream, ...options }),
  }));
});

test('kernels start as published: scaled by depth, zero at the end of every block', () => {
  const imageShape: ImageShape = [8, 8, 1];
  const generator = r3ganGenerator({ outputShape: imageShape, width: 32, latentSize: 200, random: random() });
  const deviations = generator.variables.flatMap(({ name, variable }) => {
    if (name.endsWith('bias')) return [];
    const numbers = [...variable.dataSync()];
    const square = numbers.reduce((sum, value) => sum + value * value, 0) / numbers.length;
    const fanIn = name.endsWith('basis') ? 1 : variable.size / variable.shape.at(-1)!;
    return [{ shape: variable.shape, gain: Math.sqrt(square * fanIn), tolerance: 4 / Math.sqrt(2 * variable.size) }];
  });
  // Two sizes of two blocks: L = 4, so 4^(-1/4) = 1 / sqrt(2), times sqrt(2 / 1.04).
  const residual = Math.sqrt(2 / 1.04) / Math.SQRT2;
  const block = [residual, residual, 0];
  const expected = [1, 1, ...block, ...block, ...block, ...block, 1];
  expect(deviations).toHaveLength(expected.length);
  for (const [index, gain] of expected.entries()) {
    expect(Math.abs(deviations[index]!.gain - gain)).toBeLessThanOrEqual(deviations[index]!.tolerance * gain);
  }
  generator.dispose();
});

test('resampling is the [1, 3, 3, 1] filter: a generator of one channel without residuals shows its picture', () => {
  const generator = r3ganGenerator({
    outputShape: [8, 8, 1],
    channels: [1, 1],
    latentSize: 1,
    outputActivation: 'linear',
    random: random(),
  });
  tf.tidy(() => {
    const named = new Map(
      generator.variables.map(({ name, variable }) => [name.split('.').slice(1).join('.'), variable]),
    );
    named.get('dense.kernel')!.assign(tf.tensor2d([[1]]));
    const picture = [1, 2, 4, 8];
    named.get('expandBasis.basis')!.assign(
      tf.tensor3d(
        picture.flatMap((value) => [value, value, value, value]),
        [4, 4, 1],
      ),
    );
    generator.variables.at(-1)!.variable.assign(tf.ones([1, 1, 1, 1]));
    const samples = generator.generate(tf.tensor2d([[1]]), { training: true });
    const column = values(samples.slice([0, 0, 3, 0], [1, 8, 1, 1]));
    const at = (index: number) => picture[index] ?? 0;
    const expected = picture.flatMap((value, index) => [
      (at(index - 1) + 3 * value) / 4,
      (3 * value + at(index + 1)) / 4,
    ]);
    column.forEach((value, index) => {
      expect(value).toBeCloseTo(expected[index]!, 5);
    });
  });
  generator.dispose();
});

function values(tensor: tf.Tensor): number[] {
  return [...tensor.dataSync()];
}

test('the last feature is what the logit is read from', () => {
  const discriminator = r3ganDiscriminator({ inputShape: [8, 8, 1], width: 4, random: random() });
  tf.tidy(() => {
    const { logits, features } = discriminator.discriminate(random().normalTensor([3, 8, 8, 1]), { training: true });
    const again = features!.at(-1)!.matMul(discriminator.variables.at(-1)!.variable);
    expect(logits.sub(again).abs().max().arraySync()).toBeLessThan(1e-6);
  });
  discriminator.dispose();
});

test('groups that do not fit and images that cannot be halved are refused', () => {
  expect(() => r3ganGenerator({ outputShape: [8, 8, 1], width: 12, random: random() })).toThrow(
    'no multiple of channelsPerGroup 16',
  );
  expect(() => r3ganDiscriminator({ inputShape: [9, 8, 1], random: random() })).toThrow('An R3GAN discriminator needs');
  expect(() => r3ganGenerator({ outputShape: [8, 8, 1], channels: [8, 8, 8, 8, 8], random: random() })).toThrow(
    'halves its images 4 times',
  );
});

test('the gradient of a gradient penalty reaches every kernel, through groups and downsampling', () => {
  const discriminator = r3ganDiscriminator({
    inputShape: [8, 8, 1],
    width: 4,
    channelsPerGroup: 4,
    blocksPerStage: 1,
    random: random(),
  });
  disturb(discriminator);
  const samples = random().normalTensor([2, 8, 8, 1]);
  const gradient = () =>
    tf.grad((x) => discriminator.discriminate(x, { training: true, updateState: false }).logits.sum())(samples);
  // The slope of a piecewise linear function does not change with a bias.
  expect(unreached(discriminator, gradient).every((name) => name.endsWith('bias'))).toBe(true);
  samples.dispose();
  discriminator.dispose();
});
