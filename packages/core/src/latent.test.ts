import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { drawLatent } from './latent.ts';
import { RandomStream } from './random.ts';

function draw(count: number, truncation?: number, latentDistribution: 'normal' | 'uniform' = 'normal'): Float32Array {
  const generator = { latentShape: [2, 5], latentDistribution };
  const latents = drawLatent(generator, count, new RandomStream(3), { truncation });
  expect(latents.shape).toEqual([count, 2, 5]);
  const values = latents.dataSync() as Float32Array;
  latents.dispose();
  return values;
}

/** Variance of a standard normal draw given that it lies within +-t: 1 - 2 t density(t) / probability. */
function truncatedVariance(t: number): number {
  const density = Math.exp((-t * t) / 2) / Math.sqrt(2 * Math.PI);
  const steps = 100_000;
  let probability = 0;
  for (let index = 0; index < steps; index++) {
    const x = -t + (2 * t * (index + 0.5)) / steps;
    probability += (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) * ((2 * t) / steps);
  }
  return 1 - (2 * t * density) / probability;
}

test.each([0.05, 0.4, 0.5, 1, 2])(
  'truncated to +-%d: within the bound, with the variance of the truncated normal',
  (t) => {
    const values = draw(4000, t);
    const count = values.length;
    expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(Math.fround(t));
    expect(Math.max(...values)).toBeGreaterThan(0.95 * t);
    const variance = values.reduce((sum, value) => sum + value * value, 0) / count;
    // The relative standard deviation of a variance is at most sqrt(2 / n) here.
    expect(Math.abs(variance / truncatedVariance(t) - 1)).toBeLessThan(5 * Math.sqrt(2 / count));
  },
);

test('without truncation the whole distribution, the same each time', () => {
  expect(draw(3)).toEqual(draw(3));
  expect(Math.max(...draw(1000))).toBeGreaterThan(3);
  const random = new RandomStream(3).normalTensor([3, 2, 5]);
  expect(draw(3)).toEqual(random.dataSync());
  random.dispose();
});

test('it moves the stream on: the next latents are others', () => {
  const random = new RandomStream(3);
  const draws = tf.tidy(() => {
    return [1, 2].map(() => [...drawLatent({ latentShape: [4] }, 2, random).dataSync()]);
  });
  expect(draws[0]).not.toEqual(draws[1]);
});

test('uniform latents within their range', () => {
  const values = draw(500, 0.25, 'uniform');
  expect(Math.max(...values)).toBeLessThanOrEqual(0.25);
  expect(Math.max(...values)).toBeGreaterThan(0.24);
  expect(Math.min(...draw(500, undefined, 'uniform'))).toBeLessThan(-0.99);
});

test('a truncation that bounds nothing, or everything, is refused', () => {
  const before = tf.memory().numTensors;
  expect(() => draw(1, 0)).toThrow('truncation must be');
  expect(() => draw(1, Number.NaN)).toThrow('truncation must be');
  expect(() => draw(1, 1.5, 'uniform')).toThrow('to 1, not 1.5');
  expect(() => draw(0)).toThrow('count');
  expect(tf.memory().numTensors).toBe(before);
});

test('an option that does not exist is refused by name', () => {
  const generator = { latentShape: [2] };
  const misspelt = { truncated: 1 } as object;
  expect(() => drawLatent(generator, 1, new RandomStream(1), misspelt)).toThrow("drawLatent has no option 'truncated'");
});
