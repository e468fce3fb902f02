import { RandomStream } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { changedBy, checkPair, parameterCount } from './network-checks.fixture.ts';
import { patchDiscriminator } from './patchgan.ts';
import type { ImageShape } from './sample-shape.ts';
import { spatialGenerator } from './spatial-generator.ts';

const random = () => new RandomStream(1);

test('70x70 on image and condition of 3 channels each has 2,768,705 parameters, as in the reference code', () => {
  const discriminator = patchDiscriminator({ inputShape: [256, 256, 3], conditionChannels: 3, random: random() });
  const first = 16 * 6 * 64 + 64;
  const inner = 16 * (64 * 128 + 128 * 256 + 256 * 512) + 2 * (128 + 256 + 512);
  const last = 16 * 512 + 1;
  expect(first + inner + last).toBe(2_768_705);
  expect(parameterCount(discriminator)).toBe(2_768_705);
  discriminator.dispose();
});

/** Which pixels of the image the middle logit of the map depends on: height of that patch. */
function seenPixels(receptiveField: 1 | 16 | 34 | 70 | 142 | 286, side: number): number {
  const discriminator = patchDiscriminator({
    inputShape: [side, side, 1],
    width: 1,
    receptiveField,
    normalization: 'none',
    random: random(),
  });
  return tf.tidy(() => {
    // Positive kernels and images: nothing cancels.
    for (const { variable } of discriminator.variables) variable.assign(tf.fill(variable.shape, 0.1));
    const gradient = tf.grad((x) => {
      const { logits } = discriminator.discriminate(x, { training: false });
      const [, height, width] = logits.shape as [number, number, number];
      return logits.slice([0, Math.floor(height / 2), Math.floor(width / 2), 0], [1, 1, 1, 1]).sum();
    })(tf.ones([1, side, side, 1]));
    const rows = gradient.sum([0, 2, 3]).dataSync();
    discriminator.dispose();
    return rows.filter((value) => value > 0).length;
  });
}

test.each([
  [1, 8],
  [16, 40],
  [34, 80],
  [70, 160],
] as const)('each logit sees a patch of %d pixels', (receptiveField, side) => {
  expect(seenPixels(receptiveField, side)).toBe(receptiveField);
});

test.each([
  [1, 16, 16],
  [16, 32, 14],
  [34, 32, 6],
  [70, 256, 30],
  [286, 256, 6],
] as const)('a receptive field of %d gives %d pixels a map of %d', (receptiveField, side, map) => {
  const discriminator = patchDiscriminator({ inputShape: [side, side, 1], width: 1, receptiveField, random: random() });
  tf.tidy(() => {
    const { logits } = discriminator.discriminate(tf.zeros([1, side, side, 1]), { training: false });
    expect(logits.shape).toEqual([1, map, map, 1]);
  });
  discriminator.dispose();
});

test('shapes, gradients, seeds, state and leaks, beside a generator fed by a matrix of noise', () => {
  checkPair((stream) => ({
    generator: spatialGenerator({ outputShape: [16, 24, 2], width: 2, latentChannels: 2, random: stream }),
    discriminator: patchDiscriminator({
      inputShape: [16, 24, 2],
      width: 2,
      receptiveField: 16,
      random: stream,
    }),
  }));
});

test('it judges the image together with its condition, and insists on it', () => {
  const imageShape: ImageShape = [16, 16, 1];
  const discriminator = patchDiscriminator({
    inputShape: imageShape,
    conditionChannels: 2,
    receptiveField: 16,
    width: 2,
    random: random(),
  });
  const before = tf.memory().numTensors;
  tf.tidy(() => {
    const samples = random().normalTensor([3, ...imageShape]);
    const images = random().fork('images').normalTensor<tf.Rank.R4>([3, 16, 16, 2]);
    const judge = (condition: tf.Tensor4D) =>
      discriminator.discriminate(samples, { training: false, condition: { images: condition } }).logits.dataSync();
    expect(judge(images)).not.toEqual(judge(images.neg()));
    expect(() => discriminator.discriminate(samples, { training: false })).toThrow('pass condition: { images }');
    expect(() => judge(images.slice([0, 0, 0, 0], [2, 16, 16, 2]))).toThrow(
      'got 2 images as its condition for 3 samples',
    );
  });
  expect(tf.memory().numTensors).toBe(before);
  const moved = (updateState: boolean) =>
    changedBy(discriminator, () => {
      const images = tf.ones<tf.Rank.R4>([2, 16, 16, 2]);
      discriminator.discriminate(tf.ones([2, 16, 16, 1]), { training: true, updateState, condition: { images } });
    });
  expect(moved(false)).toEqual([]);
  expect(moved(true)).not.toEqual([]);
  discriminator.dispose();
});

test('images without a patch and unknown receptive fields are refused', () => {
  expect(() => patchDiscriminator({ inputShape: [16, 16, 1], random: random() })).toThrow('has no patch in images of');
  expect(() =>
    patchDiscriminator({ inputShape: [16, 16, 1], receptiveField: 17 as unknown as 16, random: random() }),
  ).toThrow('receptiveField must be one of 1, 16, 34, 70, 142, 286, not 17.');
});
