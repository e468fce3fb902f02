import { isStateful, RandomStream } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { checkPair, parameterCount, unreached } from './network-checks.fixture.ts';
import { progressiveDiscriminator, progressiveGenerator } from './progressive.ts';
import { progressiveSchedule } from './progressive-schedule.ts';
import type { ImageShape } from './sample-shape.ts';

const random = () => new RandomStream(1);
const imageShape: ImageShape = [16, 24, 2];
const shared = { width: 3 };
const values = (tensor: tf.Tensor) => [...tensor.dataSync()];

/** Largest difference of two tensors. */
function difference(a: tf.Tensor, b: tf.Tensor): number {
  return a.sub(b).abs().max().arraySync() as number;
}

/** Parameters of the networks for square images of 3 channels. */
function published(channels: readonly number[], latent: number) {
  const conv = (size: number, inputs: number, outputs: number) => size * size * inputs * outputs + outputs;
  const pairs = channels.slice(1).map((count, index) => [channels[index]!, count] as const);
  const sum = (numbers: readonly number[]) => numbers.reduce((total, value) => total + value, 0);
  const first = channels[0]!;
  const generator =
    conv(1, latent, 16 * first) +
    conv(3, first, first) +
    sum(pairs.map(([before, count]) => conv(3, before, count) + conv(3, count, count))) +
    sum(channels.map((count) => conv(1, count, 3)));
  const discriminator =
    sum(channels.map((count) => conv(1, 3, count))) +
    sum(pairs.map(([before, count]) => conv(3, count, count) + conv(3, count, before))) +
    conv(3, first + 1, first) +
    conv(1, 16 * first, first) +
    conv(1, first, 1);
  return { generator, discriminator };
}

test('1024x1024 has the 23.1 million parameters of the paper, in both players', () => {
  const full = published([512, 512, 512, 512, 256, 128, 64, 32, 16], 512);
  // Every image layer counts, as in a network that has grown.
  expect((full.generator / 1e6).toFixed(1)).toBe('23.1');
  expect((full.discriminator / 1e6).toFixed(1)).toBe('23.1');
  // The same networks with fewer channels and stages, so that the test stays quick.
  const options = { width: 6, random: random() };
  const generator = progressiveGenerator({ outputShape: [64, 64, 3], latentSize: 5, ...options });
  const discriminator = progressiveDiscriminator({ inputShape: [64, 64, 3], ...options });
  const expected = published([6, 6, 6, 6, 3], 5);
  expect(parameterCount(generator)).toBe(expected.generator);
  expect(parameterCount(discriminator)).toBe(expected.discriminator);
  generator.dispose();
  discriminator.dispose();
});

test('shapes, gradients, seeds, state and leaks, at full resolution with both image layers in the blend', () => {
  const half = () => ({ resolution: 8, alpha: 0.5 });
  checkPair(
    (stream) => ({
      generator: progressiveGenerator({
        outputShape: [8, 12, 2],
        width: 3,
        latentSize: 3,
        schedule: half,
        random: stream,
      }),
      discriminator: progressiveDiscriminator({
        inputShape: [8, 12, 2],
        width: 3,
        schedule: half,
        random: stream,
      }),
    }),
    { step: 7 },
  );
});

test('a low resolution comes out at full size, each pixel repeated, and D averages it back', () => {
  const generator = progressiveGenerator({ outputShape: imageShape, ...shared, latentSize: 3, random: random() });
  const discriminator = progressiveDiscriminator({ inputShape: imageShape, ...shared, random: random() });
  expect(generator.resolutions).toEqual([4, 8, 16]);
  expect(generator.growth()).toEqual({ resolution: 16, alpha: 1 });
  for (const player of [generator, discriminator]) player.setGrowth({ resolution: 4, alpha: 1 });
  tf.tidy(() => {
    const samples = generator.generate(random().normalTensor([2, 3]), { training: true });
    expect(samples.shape).toEqual([2, 16, 24, 2]);
    const blocks = samples.reshape([2, 4, 4, 6, 4, 2]);
    const constant = blocks
      .max([2, 4])
      .sub(blocks.min([2, 4]))
      .abs()
      .max()
      .arraySync();
    expect(constant).toBe(0);
    const noise = random().fork('noise').normalTensor<tf.Rank.R4>([2, 16, 24, 2]);
    const averaged = tf.image.resizeNearestNeighbor(tf.avgPool(noise, 4, 4, 'valid'), [16, 24]);
    const judge = (x: tf.Tensor) => discriminator.discriminate(x, { training: true }).logits;
    expect(difference(judge(noise), judge(averaged))).toBeLessThan(1e-5);
    // Nothing but the smallest stage is in use.
    const unused = unreached(discriminator, () => judge(noise));
    expect(unused.length).toBeGreaterThan(0);
    expect(unused.every((name) => /^stage-[12]-/.test(name))).toBe(true);
    const unusedByG = unreached(generator, () => generator.generate(random().normalTensor([2, 3]), { training: true }));
    expect(unusedByG.every((name) => /^stage-[12]-/.test(name))).toBe(true);
  });
  generator.dispose();
  discriminator.dispose();
});

test('alpha 0 is the resolution before, alpha 1 the new one, and between them G blends in equal steps', () => {
  const generator = progressiveGenerator({
    outputShape: imageShape,
    ...shared,
    latentSize: 3,
    outputActivation: 'linear',
    random: random(),
  });
  const discriminator = progressiveDiscriminator({ inputShape: imageShape, ...shared, random: random() });
  tf.tidy(() => {
    const latent = random().normalTensor([2, 3]);
    const at = (resolution: number, alpha: number) => {
      generator.setGrowth({ resolution, alpha });
      return generator.generate(latent, { training: true });
    };
    const [low, high] = [at(8, 1), at(16, 1)];
    expect(difference(low, high)).toBeGreaterThan(0.01);
    expect(difference(at(16, 0), low)).toBeLessThan(1e-6);
    expect(difference(at(16, 0.25), low.mul(0.75).add(high.mul(0.25)))).toBeLessThan(1e-5);
    const noise = random().fork('noise').normalTensor([2, 16, 24, 2]);
    const judged = (resolution: number, alpha: number) => {
      discriminator.setGrowth({ resolution, alpha });
      return discriminator.discriminate(noise, { training: true }).logits;
    };
    expect(difference(judged(16, 0), judged(8, 1))).toBeLessThan(1e-6);
    expect(difference(judged(16, 1), judged(8, 1))).toBeGreaterThan(1e-4);
  });
  generator.dispose();
  discriminator.dispose();
});

test('the schedule is read from the step; without a step the position stays, and a checkpoint holds it', async () => {
  const schedule = progressiveSchedule({
    stages: [
      { resolution: 4, steps: 10 },
      { resolution: 8, steps: 20 },
    ],
  });
  const build = () =>
    progressiveGenerator({ outputShape: imageShape, ...shared, latentSize: 3, schedule, random: random() });
  const [generator, resumed] = [build(), build()];
  expect(generator.growth()).toEqual({ resolution: 4, alpha: 1 });
  const latent = random().normalTensor([2, 3]);
  const generate = (player: typeof generator, step?: number) =>
    tf.tidy(() => values(player.generate(latent, { training: false, ...(step === undefined ? {} : { step }) })));
  const faded = generate(generator, 15);
  expect(generator.growth()).toEqual({ resolution: 8, alpha: 0.5 });
  expect(generate(generator)).toEqual(faded);
  expect(generate(resumed)).not.toEqual(faded);
  expect(isStateful(generator)).toBe(true);
  resumed.loadState(JSON.parse(JSON.stringify(await generator.saveState())));
  expect(generate(resumed)).toEqual(faded);
  expect(() => resumed.loadState({ values: {} })).toThrow('no growth for progressive-generator');
  expect(() => resumed.setGrowth({ resolution: 5, alpha: 1 })).toThrow(
    'no resolution of 5 pixels; choose one of 4, 8, 16',
  );
  expect(() => resumed.setGrowth({ resolution: 8, alpha: 1.5 })).toThrow('alpha must be');
  latent.dispose();
  generator.dispose();
  resumed.dispose();
});

test('every kernel starts from N(0, 1), the scale is applied when it is used', () => {
  const generator = progressiveGenerator({ outputShape: [8, 8, 3], width: 24, latentSize: 24, random: random() });
  for (const { name, variable } of generator.variables) {
    if (!name.endsWith('kernel')) continue;
    const numbers = values(variable);
    const square = numbers.reduce((sum, value) => sum + value * value, 0) / numbers.length;
    expect(Math.abs(square - 1)).toBeLessThan(5 * Math.sqrt(2 / numbers.length));
  }
  tf.tidy(() => {
    const before = generator.generate(random().normalTensor([2, 24]), { training: true });
    const scaled = generator.generate(random().normalTensor([2, 24]).mul(7), { training: true });
    // The latent is normalised: its length does not matter.
    expect(difference(before, scaled)).toBeLessThan(1e-5);
  });
  generator.dispose();
});
