import { RandomStream } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { dcganDiscriminator, dcganGenerator } from '../dcgan.ts';
import { mlpDiscriminator, mlpGenerator } from '../mlp.ts';
import { invert } from './invert.ts';

let tensors = 0;
beforeEach(() => {
  tensors = tf.memory().numTensors;
});
afterEach(() => {
  expect(tf.memory().numTensors).toBe(tensors);
});

test.each(['normal', 'uniform'] as const)(
  'finds the %s latents of its own images, each image by itself',
  async (kind) => {
    const random = new RandomStream(4);
    const generator = mlpGenerator({
      outputShape: [20],
      latentSize: 3,
      latentDistribution: kind,
      hidden: [32],
      random,
    });
    const known = tf.tensor2d([
      [0.5, -0.9, 0.1],
      [-0.3, 0.7, 0.8],
    ]);
    const images = generator.generate(known, { training: false });
    const { latent, losses, imageLosses } = await invert(generator, images, { random, steps: 150 });
    const worst = tf.tidy(() => latent.sub(known).abs().max().arraySync() as number);
    expect(worst).toBeLessThan(0.02);
    expect(losses).toHaveLength(151);
    expect(losses.at(-1)).toBeLessThan(losses[0]! / 1000);
    const check = tf.tidy(
      () =>
        tf
          .squaredDifference(generator.generate(latent, { training: false }), images)
          .mean(1)
          .arraySync() as number[],
    );
    imageLosses.forEach((loss, index) => {
      expect(loss).toBeCloseTo(check[index]!, 6);
    });
    tf.dispose([known, images, latent]);
    generator.dispose();
  },
);

test('a convolutional generator, with the features of a discriminator', async () => {
  const random = new RandomStream(5);
  const generator = dcganGenerator({
    outputShape: [8, 8, 1],
    latentSize: 3,
    width: 4,
    random: random.fork('generator'),
  });
  for (const { name, variable } of generator.variables) {
    if (name.endsWith('kernel')) tf.tidy(() => variable.assign(variable.mul(10)));
  }
  const discriminator = dcganDiscriminator({ inputShape: [8, 8, 1], width: 4, random: random.fork('discriminator') });
  const known = random.normalTensor([1, 3]);
  const images = generator.generate(known, { training: false });
  const features = { discriminator, weight: 1 };
  const { latent, losses } = await invert(generator, images, { random, steps: 60, features });
  expect(losses.at(-1)).toBeLessThan(losses[0]! / 20);
  expect(losses[0]).toBeGreaterThan(0);
  tf.dispose([known, images, latent]);
  generator.dispose();
  discriminator.dispose();
});

test('a prior draws the latent to the origin', async () => {
  const random = new RandomStream(6);
  const generator = mlpGenerator({ outputShape: [4], latentSize: 2, hidden: [8], random });
  const images = tf.ones([1, 4]);
  const inverted = await Promise.all(
    [0, 10].map((priorWeight) => invert(generator, images, { random: new RandomStream(1), steps: 60, priorWeight })),
  );
  const [free, drawn] = inverted.map(({ latent }) => tf.tidy(() => latent.norm().arraySync() as number));
  expect(drawn).toBeLessThan(0.2 * free!);
  tf.dispose([images, ...inverted.map(({ latent }) => latent)]);
  generator.dispose();
});

test('can be stopped, and refuses what does not fit', async () => {
  const random = new RandomStream(7);
  const generator = mlpGenerator({ outputShape: [4], latentSize: 2, hidden: [8], random });
  const images = tf.ones([1, 4]);
  const { latent, losses } = await invert(generator, images, { random, signal: AbortSignal.abort() });
  expect(losses).toHaveLength(1);
  const discriminator = { ...mlpDiscriminator({ inputShape: [4], hidden: [4], random }), heads: [] };
  await expect(invert(generator, images, { random, features: { discriminator, weight: 1 } })).rejects.toThrow(
    'gives no features',
  );
  const uniform = { ...generator, latentDistribution: 'uniform' } as const;
  await expect(invert(uniform, images, { random, priorWeight: 1 })).rejects.toThrow(
    "'priorWeight' means nothing to latents that are uniform",
  );
  const wrong = tf.ones([1, 5]);
  await expect(invert(generator, wrong, { random })).rejects.toThrow('The images to invert must be float32');
  const broken = tf.fill([1, 4], Number.NaN);
  await expect(invert(generator, broken, { random, steps: 3 })).rejects.toThrow('became NaN at step 0');
  tf.dispose([images, wrong, broken, latent]);
  generator.dispose();
  discriminator.dispose();
});
