/** Matrix products against the cpu backend. */

import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectSameAsCpu, numbers, PROPERTY, tensorOf } from '../testing/compare-with-cpu.ts';

const length = fc.integer({ min: 1, max: 40 });

describe('matMul', () => {
  it('gives what cpu gives, transposed or not, with any batch axes', async () => {
    const sizes = fc.record({
      m: length,
      k: length,
      n: length,
      transposeA: fc.boolean(),
      transposeB: fc.boolean(),
      batch: fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 2 }),
      repeatB: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(sizes, ({ m, k, n, transposeA, transposeB, batch, repeatB }) =>
        expectSameAsCpu(() => {
          const a = tensorOf(1, [...batch, ...(transposeA ? [k, m] : [m, k])]);
          const b = tensorOf(2, [
            ...(repeatB ? batch.map((size, axis) => (axis === 0 ? 1 : size)) : batch),
            ...(transposeB ? [n, k] : [k, n]),
          ]);
          return tf.matMul(a, b, transposeA, transposeB);
        }),
      ),
      PROPERTY,
    );
  });

  it('multiplies large matrices as float64 does', async () => {
    await tf.setBackend('onnx');
    const [m, k, n] = [65, 700, 33];
    const [a, b] = [numbers(1, m * k), numbers(2, k * n)];
    const product = tf.tidy(() => tf.matMul(tf.tensor2d(a, [m, k]), tf.tensor2d(b, [k, n])).dataSync());
    for (const [row, column] of [
      [0, 0],
      [64, 32],
      [31, 7],
    ] as const) {
      let sum = 0;
      for (let i = 0; i < k; i++) sum += (a[row * k + i] as number) * (b[i * n + column] as number);
      expect(product[row * n + column]).toBeCloseTo(sum, 4);
    }
  });

  it.each(['linear', 'relu', 'relu6', 'sigmoid', 'elu', 'leakyrelu'] as const)('fuses a bias and %s', (activation) =>
    expectSameAsCpu(() =>
      tf.fused.matMul({
        a: tensorOf(1, [9, 12]),
        b: tensorOf(2, [12, 17]),
        bias: tensorOf(3, [17]),
        activation,
        leakyreluAlpha: 0.3,
      }),
    ),
  );

  it('leaves an empty product to cpu', () =>
    expectSameAsCpu(() => [
      tf.matMul(tf.zeros([3, 0]), tf.zeros([0, 4])),
      tf.matMul(tf.zeros([0, 3]), tf.zeros([3, 4])),
    ]));
});
