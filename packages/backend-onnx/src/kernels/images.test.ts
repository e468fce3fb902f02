/** Depthwise convolution, pooling, resizing and batch normalisation against the cpu backend. */

import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectSameAsCpu, PROPERTY, tensorOf } from '../testing/compare-with-cpu.ts';

const small = (max: number, min = 1) => fc.integer({ min, max });
const pads = fc.constantFrom('same' as const, 'valid' as const);

describe('depthwiseConv2d', () => {
  const cases = fc.record({
    batch: small(2),
    height: small(8, 3),
    width: small(8, 3),
    channels: small(6),
    multiplier: small(3),
    taps: fc.tuple(small(3), small(3)),
    stride: small(2),
    pad: pads,
  });

  it('and its gradients are those of cpu', async () => {
    await fc.assert(
      fc.asyncProperty(cases, ({ batch, height, width, channels, multiplier, taps, stride, pad }) =>
        expectSameAsCpu(() => {
          const x = tensorOf(1, [batch, height, width, channels]) as tf.Tensor4D;
          const w = tensorOf(2, [...taps, channels, multiplier]) as tf.Tensor4D;
          const convolve = (x: tf.Tensor, w: tf.Tensor) =>
            tf.depthwiseConv2d(x as tf.Tensor4D, w as tf.Tensor4D, stride, pad);
          const y = convolve(x, w);
          return [y, ...tf.grads(convolve)([x, w], y)];
        }),
      ),
      PROPERTY,
    );
  });

  it('takes dilations, a bias and an activation', () =>
    expectSameAsCpu(() => {
      const x = tensorOf(1, [2, 9, 8, 5]) as tf.Tensor4D;
      const filter = tensorOf(2, [3, 2, 5, 2]) as tf.Tensor4D;
      return [
        tf.depthwiseConv2d(x, filter, 1, 'same', 'NHWC', [2, 3]),
        tf.fused.depthwiseConv2d({ x, filter, strides: 1, pad: 'same', bias: tensorOf(3, [10]), activation: 'relu' }),
        tf.separableConv2d(x, filter, tensorOf(4, [1, 1, 10, 7]) as tf.Tensor4D, 1, 'same'),
      ];
    }));
});

describe('pooling', () => {
  const pools = { maxPool: tf.maxPool, avgPool: tf.avgPool };
  const cases = fc.record({
    batch: small(2),
    height: small(9, 3),
    width: small(9, 3),
    channels: small(5),
    taps: fc.tuple(small(3), small(3)),
    strides: fc.tuple(small(3), small(3)),
    pad: pads,
  });

  it.each(['maxPool', 'avgPool'] as const)('%s and its gradient are those of cpu', async (name) => {
    await fc.assert(
      fc.asyncProperty(cases, ({ batch, height, width, channels, taps, strides, pad }) =>
        expectSameAsCpu(() => {
          const x = tensorOf(1, [batch, height, width, channels]) as tf.Tensor4D;
          const pool = (x: tf.Tensor) => pools[name](x as tf.Tensor4D, taps, strides, pad);
          const y = pool(x);
          return [y, tf.grad(pool)(x, y)];
        }),
      ),
      PROPERTY,
    );
  });
});

describe('resizing', () => {
  const { resizeBilinear, resizeNearestNeighbor } = tf.image;
  const resizes = { resizeBilinear, resizeNearestNeighbor };
  const cases = fc.record({
    batch: small(3),
    from: fc.tuple(small(7), small(7)),
    to: fc.tuple(small(11), small(11)),
    channels: small(5),
    convention: fc.constantFrom('plain', 'alignCorners', 'halfPixelCenters'),
  });

  it.each(['resizeBilinear', 'resizeNearestNeighbor'] as const)(
    '%s is that of cpu, its gradient the adjoint',
    async (name) => {
      await fc.assert(
        fc.asyncProperty(cases, async ({ batch, from, to, channels, convention }) => {
          const resize = (x: tf.Tensor) =>
            resizes[name](x as tf.Tensor4D, to, convention === 'alignCorners', convention === 'halfPixelCenters');
          const shape = [batch, ...from, channels];
          await expectSameAsCpu(() => resize(tensorOf(1, shape)));
          // <resize x, dy> = <x, adjoint dy>: cpu's own gradients are wrong for batches and for half pixel centres.
          const [left, right] = tf.tidy(() => {
            const x = tensorOf(1, shape);
            const dy = tensorOf(2, [batch, ...to, channels]);
            const adjoint = tf.grad(resize)(x, dy as tf.Tensor4D);
            return [tf.sum(tf.mul(resize(x), dy)).dataSync()[0], tf.sum(tf.mul(x, adjoint)).dataSync()[0]];
          });
          expect(right).toBeCloseTo(left as number, 3);
        }),
        PROPERTY,
      );
    },
  );
});

describe('batchNorm', () => {
  it.each([1, 3, 4, 13])('of %d channels gives what cpu gives', (channels) =>
    expectSameAsCpu(() => {
      const x = tensorOf(1, [3, 5, 4, channels]) as tf.Tensor4D;
      const [mean, offset] = [tensorOf(2, [channels]), tensorOf(3, [channels])] as [tf.Tensor1D, tf.Tensor1D];
      const variance = tf.add(tf.abs(tensorOf(4, [channels])), 0.1) as tf.Tensor1D;
      const scale = tensorOf(5, [channels]) as tf.Tensor1D;
      return [
        tf.batchNorm(x, mean, variance, offset, scale, 1e-3),
        tf.batchNorm(x, mean, variance),
        tf.batchNorm(x, mean, variance, undefined, scale),
      ];
    }),
  );
});
