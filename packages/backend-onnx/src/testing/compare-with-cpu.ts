/** For tests: the same computation on tfjs's cpu backend and on this one, compared element by element. */

import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { expect } from 'vitest';
import '../index.ts';

/** Every property test runs with this seed, so that a failure repeats. */
export const PROPERTY = { seed: 20261122, numRuns: 30 };

export interface Values {
  shape: number[];
  dtype: string;
  values: ArrayLike<number>;
}

/** Runs `compute` on a backend and takes the results out of it. */
export function computeOn(backend: string, compute: () => tf.Tensor | tf.Tensor[]): Values[] {
  if (tf.getBackend() !== backend) throw new Error(`the backend is ${tf.getBackend()}`);
  const results = tf.tidy(compute);
  const tensors = Array.isArray(results) ? results : [results];
  const values = tensors.map((tensor) => ({
    shape: tensor.shape,
    dtype: tensor.dtype,
    values: tensor.dataSync() as ArrayLike<number>,
  }));
  tf.dispose(tensors);
  return values;
}

/** Fails unless `onnx` gives what `cpu` gives, to `tolerance` relative to the greater of 1 and the value. */
export async function expectSameAsCpu(compute: () => tf.Tensor | tf.Tensor[], tolerance = 1e-5): Promise<void> {
  await tf.setBackend('cpu');
  const expected = computeOn('cpu', compute);
  await tf.setBackend('onnx');
  expectClose(computeOn('onnx', compute), expected, tolerance);
}

export function expectClose(actual: Values[], expected: Values[], tolerance: number): void {
  expect(actual.map(({ shape, dtype }) => ({ shape, dtype }))).toEqual(
    expected.map(({ shape, dtype }) => ({ shape, dtype })),
  );
  for (const [index, { values }] of expected.entries()) {
    const found = actual[index]?.values as ArrayLike<number>;
    expect(found.length).toBe(values.length);
    for (let i = 0; i < values.length; i++) {
      const [a, b] = [found[i] as number, values[i] as number];
      const same = Object.is(a, b) || a === b || Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(b));
      if (!same) expect.fail(`output ${index}, element ${i} of ${values.length}: ${a} instead of ${b}`);
    }
  }
}

/** Numbers in [-1, 1] from a linear congruential generator: the same for the same seed. */
export function numbers(seed: number, count: number): Float32Array {
  let state = (seed * 2654435761 + 12345) >>> 0;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

export function tensorOf(seed: number, shape: number[]): tf.Tensor {
  return tf.tensor(numbers(seed, tf.util.sizeFromShape(shape)), shape, 'float32');
}

/** Numbers with the awkward ones among them. */
export const awkwardNumber = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: -40, max: 40 }).map((n) => n / 8) },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Infinity, -Infinity, 0, -0) },
);
