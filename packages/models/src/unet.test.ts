import { isStateful, RandomStream } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { checkPair, parameterCount } from './network-checks.fixture.ts';
import { patchDiscriminator } from './patchgan.ts';
import type { ImageShape } from './sample-shape.ts';
import { unetGenerator } from './unet.ts';

const random = () => new RandomStream(1);

/** Parameters of the network for 256x256x3 with `width` channels at its first convolution. */
function published(width: number): number {
  const down = [1, 2, 4, 8, 8, 8, 8, 8].map((factor) => factor * width);
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
  const encoder = sum(down.map((channels, level) => 16 * (down[level - 1] ?? 3) * channels));
  // The innermost map alone; every other level with the map of its size beside it; three channels at the end.
  const up = [8, 8, 8, 8, 4, 2, 1].map((factor) => factor * width);
  const decoder = sum(up.map((channels, index) => 16 * (index === 0 ? 8 * width : 2 * up[index - 1]!) * channels));
  const image = 16 * 2 * width * 3 + 3;
  const norms = 2 * (sum(down.slice(1, -1)) + sum(up));
  return encoder + decoder + image + norms;
}

test('256x256x3 has the 54,413,955 parameters of the reference code', () => {
  expect(published(64)).toBe(54_413_955);
  // The same network at a sixteenth of the width, so that the test stays quick.
  const generator = unetGenerator({ outputShape: [256, 256, 3], width: 4, random: random() });
  expect(parameterCount(generator)).toBe(published(4));
  generator.dispose();
});

test.each([
  ['with noise only in dropout', { depth: 3 }],
  ['with a noise vector and instance normalisation', { latentSize: 3, normalization: 'instance', depth: 2 }],
] as const)('shapes, gradients, seeds, state and leaks, %s', (_, options) => {
  const imageShape: ImageShape = [16, 24, 1];
  const images = random().normalTensor<tf.Rank.R4>([4, 16, 24, 2]);
  const shared = { conditionChannels: 2, width: 4 };
  checkPair(
    (stream) => ({
      generator: unetGenerator({ outputShape: imageShape, ...shared, ...options, random: stream }),
      discriminator: patchDiscriminator({ inputShape: imageShape, ...shared, receptiveField: 16, random: stream }),
    }),
    { condition: { images } },
  );
  images.dispose();
});

test('the output follows the condition; noise changes it when it is read, and only then', () => {
  const imageShape: ImageShape = [8, 8, 1];
  for (const latentSize of [0, 2]) {
    const generator = unetGenerator({ outputShape: imageShape, latentSize, width: 2, random: random() });
    expect(generator.latentShape).toEqual([Math.max(1, latentSize)]);
    tf.tidy(() => {
      const images = random().normalTensor<tf.Rank.R4>([2, 8, 8, 1]);
      const run = (latent: tf.Tensor, condition: tf.Tensor4D) => [
        ...generator.generate(latent, { training: false, condition: { images: condition } }).dataSync(),
      ];
      const zeros = tf.zeros([2, ...generator.latentShape]);
      const ones = tf.ones([2, ...generator.latentShape]);
      expect(run(zeros, images)).not.toEqual(run(zeros, images.neg()));
      const other = run(ones, images);
      if (latentSize === 0) expect(other).toEqual(run(zeros, images));
      else expect(other).not.toEqual(run(zeros, images));
      expect(() => generator.generate(zeros, { training: false })).toThrow('pass condition: { images }');
    });
    generator.dispose();
  }
});

test('dropout makes every training pass another one, and a saved generator goes on with the same masks', async () => {
  const imageShape: ImageShape = [8, 8, 1];
  const build = () => unetGenerator({ outputShape: imageShape, width: 4, random: random() });
  const [generator, resumed] = [build(), build()];
  if (!isStateful(generator) || !isStateful(resumed)) throw new Error('a U-Net with dropout must have state');
  const images = random().normalTensor<tf.Rank.R4>([2, 8, 8, 1]);
  const latent = tf.zeros([2, 1]);
  const run = (player: typeof generator, training: boolean) =>
    tf.tidy(() => player.generate(latent, { training, updateState: false, condition: { images } }).dataSync());
  const first = run(generator, true);
  resumed.loadState(await generator.saveState());
  const second = run(generator, true);
  expect(second).not.toEqual(first);
  expect(run(resumed, true)).toEqual(second);
  expect(run(generator, false)).toEqual(run(generator, false));
  tf.dispose([images, latent]);
  generator.dispose();
  resumed.dispose();
  const plain = unetGenerator({ outputShape: imageShape, width: 4, dropout: 0, random: random() });
  expect(isStateful(plain)).toBe(false);
  plain.dispose();
});

test('sides that cannot be halved are refused', () => {
  expect(() => unetGenerator({ outputShape: [9, 8, 1], random: random() })).toThrow(
    'whose sides 4 divides, not [9, 8, 1]',
  );
  expect(() => unetGenerator({ outputShape: [8, 8, 1], depth: 4, random: random() })).toThrow(
    'halves its images 4 times',
  );
  expect(() => unetGenerator({ outputShape: [8, 8, 1], depth: 1, random: random() })).toThrow(
    'depth must be a whole number of at least 2, not 1',
  );
});
