import { drawLatent, RandomStream } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { latentWalk } from './latent-walk.ts';

function walk(latentDistribution: 'normal' | 'uniform', framesPerPoint: number): number[][] {
  return tf.tidy(
    () =>
      latentWalk(
        { latentShape: [6], latentDistribution },
        { points: 5, framesPerPoint, random: new RandomStream(2) },
      ).arraySync() as number[][],
  );
}

const step = (a: readonly number[], b: readonly number[]) => Math.hypot(...a.map((value, axis) => value - b[axis]!));

test.each(['normal', 'uniform'] as const)(
  'a %s walk goes through the drawn points and is closed and smooth',
  (kind) => {
    const frames = 200;
    const positions = walk(kind, frames);
    expect(positions).toHaveLength(5 * frames);
    const generator = { latentShape: [6], latentDistribution: kind };
    const points = tf.tidy(() => drawLatent(generator, 5, new RandomStream(2)).arraySync() as number[][]);
    points.forEach((point, index) => {
      expect(step(positions[index * frames]!, point)).toBeLessThan(1e-5);
    });
    const at = (index: number) => positions[(index + positions.length) % positions.length]!;
    const velocities = positions.map((_, index) => at(index + 1).map((value, axis) => value - at(index)[axis]!));
    const fastest = Math.max(...velocities.map((velocity) => Math.hypot(...velocity)));
    // Between frames of a smooth curve the velocity changes by about 1 / frames of itself; at a corner by as much as itself.
    const changes = velocities.map((velocity, index) => step(velocity, velocities.at(index - 1)!));
    expect(fastest).toBeLessThan(20 / frames);
    expect(Math.max(...changes)).toBeLessThan(0.1 * fastest);
  },
);

test('normal latents keep the norms of their points, uniform ones stay in range', () => {
  const norms = walk('normal', 20).map((latent) => Math.hypot(...latent));
  const ends = norms.filter((_, index) => index % 20 === 0);
  expect(Math.min(...norms)).toBeGreaterThanOrEqual(Math.min(...ends) - 1e-5);
  expect(Math.max(...norms)).toBeLessThanOrEqual(Math.max(...ends) + 1e-5);
  expect(Math.max(...walk('uniform', 20).flat().map(Math.abs))).toBeLessThanOrEqual(1);
});

test('matrices of noise, and nothing leaks', () => {
  const before = tf.memory().numTensors;
  const latents = latentWalk(
    { latentShape: [2, 3] },
    { points: 2, framesPerPoint: 3, random: new RandomStream(1), truncation: 1 },
  );
  expect(latents.shape).toEqual([6, 2, 3]);
  latents.dispose();
  expect(tf.memory().numTensors).toBe(before);
});
