import { RandomStream } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { drawLatent } from './latent.ts';
import { linearGenerator } from './linear-players.fixture.ts';

let generator: ReturnType<typeof linearGenerator>;
beforeEach(() => {
  generator = linearGenerator();
});
afterEach(() => {
  generator.dispose();
  expect(tf.memory().numTensors).toBe(0);
});

function draw(of: typeof generator, truncation?: number): Float32Array {
  const latent = drawLatent(of, 4000, new RandomStream(1), truncation === undefined ? {} : { truncation });
  expect(latent.shape).toEqual([4000, 1]);
  const values = latent.dataSync() as Float32Array;
  latent.dispose();
  return values;
}
const variance = (values: Float32Array) => values.reduce((sum, value) => sum + value * value, 0) / values.length;

test('truncated latents have the variance of the truncated normal distribution', () => {
  const truncated = draw(generator, 1);
  expect(Math.max(...truncated.map(Math.abs))).toBeLessThanOrEqual(1);
  // 1 - 2 phi(1) / (2 Phi(1) - 1) = 0.2911; three standard errors are about 0.012.
  expect(variance(truncated)).toBeGreaterThan(0.279);
  expect(variance(truncated)).toBeLessThan(0.304);
  expect(variance(draw(generator))).toBeGreaterThan(0.93);
});

test('a number within the threshold is the one that would have been drawn without it', () => {
  const [plain, truncated] = [draw(generator), draw(generator, 2)];
  plain.forEach((value, index) => {
    if (Math.abs(value) <= 2) expect(truncated[index]).toBe(value);
  });
});

test('what cannot be truncated is refused', () => {
  expect(() => draw(generator, 0)).toThrow('truncation');
  expect(() => draw({ ...generator, latentDistribution: 'uniform' }, 1)).toThrow(
    'but linear-generator expects uniform latents; leave it out.',
  );
});
