/** Kernels that are done in ranges by several threads, on tensors large enough for it, against the cpu backend. */

import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { biasActivation } from '../fused/bias-activation.ts';
import { expectSameAsCpu, PROPERTY, tensorOf } from '../testing/compare-with-cpu.ts';
import { rangesOf, rangesOfLength } from './ranges.ts';

beforeAll(async () => {
  await tf.setBackend('onnx');
});

describe('ranges', () => {
  it('cover everything once, in order, and begin at multiples', () => {
    fc.assert(
      fc.property(
        fc.nat(1000),
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom(1, 4, 16),
        (total, pieces, multiple) => {
          const ranges = rangesOf(total, pieces, multiple);
          expect(ranges.flatMap(({ first, count }) => Array.from({ length: count }, (_, i) => first + i))).toEqual(
            Array.from({ length: total }, (_, i) => i),
          );
          expect(ranges.every(({ first, count }) => first % multiple === 0 && count > 0)).toBe(true);
          expect(ranges.length).toBeLessThanOrEqual(pieces);
        },
      ),
      PROPERTY,
    );
    expect(rangesOfLength(7, 3)).toEqual([
      { first: 0, count: 3 },
      { first: 3, count: 3 },
      { first: 6, count: 1 },
    ]);
  });
});

// A batch that no number of parts divides, and channels of a vector and a half.
const shape: [number, number, number, number] = [11, 32, 32, 24];
const image = () => tensorOf(1, shape) as tf.Tensor4D;
/** The gradient against one in which no two elements are alike. */
const gradientOf = (f: (x: tf.Tensor) => tf.Tensor) => {
  const x = image();
  return tf.grad(f)(x, tensorOf(2, f(x).shape));
};

const operations: Record<string, () => tf.Tensor> = {
  maxPool: () => tf.maxPool(image(), 3, 2, 'same'),
  avgPool: () => tf.avgPool(image(), 3, 2, 'valid'),
  'gradient of maxPool': () => gradientOf((x) => tf.maxPool(x as tf.Tensor4D, 2, 2, 'valid')),
  'gradient of avgPool': () => gradientOf((x) => tf.avgPool(x as tf.Tensor4D, 2, 2, 'valid')),
  resizeBilinear: () => tf.image.resizeBilinear(image(), [17, 40]),
  resizeNearestNeighbor: () => tf.image.resizeNearestNeighbor(image(), [64, 64]),
  'sum over all but channels': () => tf.sum(image(), [0, 1, 2]),
  'mean over pixels': () => tf.mean(image(), [1, 2]),
  'max over channels': () => tf.max(image(), 3),
  'any over pixels': () => tf.any(tf.greater(image(), 0.999), [1, 2]),
  relu: () => tf.relu(image()),
  isNaN: () => tf.isNaN(image()),
  square: () => tf.pow(image(), 2),
  'bias and activation': () =>
    tf.getBackend() === 'onnx'
      ? biasActivation(image(), tensorOf(3, [24]) as tf.Tensor1D, { leakyRelu: 0.2 })
      : tf.leakyRelu(tf.add(image(), tensorOf(3, [24])), 0.2),
};

describe('in ranges', () => {
  it.each(Object.entries(operations))('%s is that of cpu', (_name, operation) => expectSameAsCpu(operation, 1e-4));
});
