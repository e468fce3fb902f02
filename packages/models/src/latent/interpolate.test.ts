import { RandomStream } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { interpolate, linearInterpolation, sphericalInterpolation } from './interpolate.ts';
import { morph } from './morph.ts';

let tensors = 0;
beforeEach(() => {
  tensors = tf.memory().numTensors;
});
afterEach(() => {
  expect(tf.memory().numTensors).toBe(tensors);
});

/** White's formula in float64. */
function slerp(a: readonly number[], b: readonly number[], t: number): number[] {
  const dot = a.reduce((sum, value, axis) => sum + value * b[axis]!, 0);
  const angle = Math.acos(dot / (Math.hypot(...a) * Math.hypot(...b)));
  return a.map((value, axis) => (Math.sin((1 - t) * angle) * value + Math.sin(t * angle) * b[axis]!) / Math.sin(angle));
}

function apart(actual: tf.Tensor, expected: readonly number[]): number {
  return Math.max(...Array.from(actual.dataSync(), (value, index) => Math.abs(value - expected[index]!)));
}

test('spherical: the closed form, each sample by itself, on any shape of latent', () => {
  fc.assert(
    fc.property(fc.integer(), fc.double({ min: 0, max: 1, noNaN: true }), (seed, amount) => {
      tf.tidy(() => {
        const random = new RandomStream(seed);
        const [from, to] = [random.normalTensor([3, 2, 4]), random.normalTensor([3, 2, 4])];
        const rows = (tensor: tf.Tensor) => tensor.reshape([3, 8]).arraySync() as number[][];
        const expected = rows(from).flatMap((row, index) => slerp(row, rows(to)[index]!, amount));
        const actual = sphericalInterpolation(from, to, amount);
        expect(actual.shape).toEqual([3, 2, 4]);
        expect(apart(actual, expected)).toBeLessThan(1e-4);
      });
    }),
    { numRuns: 50 },
  );
});

test('spherical: a quarter circle, ends, and the norm on the way', () => {
  tf.tidy(() => {
    const [from, to] = [tf.tensor2d([[2, 0]]), tf.tensor2d([[0, 2]])];
    expect(apart(sphericalInterpolation(from, to, 0), [2, 0])).toBeLessThan(1e-6);
    expect(apart(sphericalInterpolation(from, to, 1), [0, 2])).toBeLessThan(1e-6);
    expect(apart(sphericalInterpolation(from, to, 1 / 3), [Math.sqrt(3), 1])).toBeLessThan(1e-6);
    const norms = interpolate(tf.tensor1d([0.6, 0, 0.8]), tf.tensor1d([0, -1, 0]), { steps: 9 }).norm(2, 1);
    expect(apart(norms, Array(9).fill(1))).toBeLessThan(1e-6);
  });
});

test('spherical: parallel, nearly parallel, opposite and zero vectors stay finite', () => {
  tf.tidy(() => {
    const from = tf.tensor2d([
      [1, 1],
      [1, 1],
      [1, 1],
      [0, 0],
    ]);
    const to = tf.tensor2d([
      [2, 2],
      [1, 1.0001],
      [-1, -1],
      [1, 0],
    ]);
    const middle = sphericalInterpolation(from, to, 0.5);
    expect(apart(middle.slice(0, 3), [1.5, 1.5, 1, 1.00005, 0, 0])).toBeLessThan(1e-5);
    expect(middle.isFinite().all().arraySync()).toBe(1);
  });
});

test('linear: the straight line', () => {
  tf.tidy(() => {
    const way = interpolate(tf.tensor1d([0, 4]), tf.tensor1d([1, 0]), { steps: 5, method: 'linear' });
    expect(way.arraySync()).toEqual([
      [0, 4],
      [0.25, 3],
      [0.5, 2],
      [0.75, 1],
      [1, 0],
    ]);
    expect(linearInterpolation(tf.tensor1d([1]), tf.tensor1d([3]), 0.5).arraySync()).toEqual([2]);
  });
});

test('morph: latents on the sphere, descriptions in a straight line', () => {
  tf.tidy(() => {
    const from = { latent: tf.tensor1d([1, 0]), vector: tf.tensor1d([1, 0, 0]) };
    const to = { latent: tf.tensor1d([0, 1]), vector: tf.tensor1d([0, 0, 1]) };
    const { latent, condition } = morph(from, to, { steps: 3 });
    expect(apart(latent, [1, 0, Math.SQRT1_2, Math.SQRT1_2, 0, 1])).toBeLessThan(1e-6);
    expect(condition?.vectors?.arraySync()).toEqual([
      [1, 0, 0],
      [0.5, 0, 0.5],
      [0, 0, 1],
    ]);
    expect(morph({ latent: from.latent }, { latent: to.latent }, { steps: 2 }).condition).toBeUndefined();
    expect(() => morph(from, { latent: to.latent }, { steps: 2 })).toThrow('Only one end of the morph has a vector');
  });
});

test('what cannot be interpolated is refused', () => {
  tf.tidy(() => {
    expect(() => sphericalInterpolation(tf.ones([1, 2]), tf.ones([1, 3]), 0.5)).toThrow('must be the same');
    expect(() => linearInterpolation(tf.ones([2]), tf.ones([2]), Number.NaN)).toThrow('amount');
    expect(() => interpolate(tf.ones([2]), tf.ones([2]), { steps: 1 })).toThrow('steps');
    const circular = { steps: 2, method: 'sphercal' as 'spherical' };
    expect(() => interpolate(tf.ones([2]), tf.ones([2]), circular)).toThrow("did you mean 'spherical'?");
    const end = { latent: tf.ones([2]) };
    expect(() => morph(end, { ...end, vectors: tf.ones([2]) } as typeof end, { steps: 2 })).toThrow(
      "has no option 'vectors'; did you mean 'vector'?",
    );
  });
});
