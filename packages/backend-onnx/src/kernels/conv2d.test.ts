/** Convolutions and their gradients against the cpu backend, on every path: blocked, patches, few channels, pointwise. */

import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { OnnxBackend } from '../backend.ts';
import { expectSameAsCpu, PROPERTY, tensorOf } from '../testing/compare-with-cpu.ts';
import { probeChannelBlock } from './blocked-convolution.ts';

async function backend(): Promise<OnnxBackend> {
  await tf.setBackend('onnx');
  const found = tf.backend();
  if (!(found instanceof OnnxBackend)) throw new Error('the backend is not onnx');
  return found;
}

const small = (max: number) => fc.integer({ min: 1, max });
const cases = fc
  .record({
    batch: small(3),
    height: small(9),
    width: small(9),
    channels: fc.constantFrom(1, 2, 3, 5, 16, 20),
    outChannels: fc.constantFrom(1, 2, 4, 16, 24),
    filterHeight: small(4),
    filterWidth: small(4),
    strides: fc.tuple(small(3), small(3)),
    dilations: fc.tuple(small(2), small(2)),
    pad: fc.constantFrom('same' as const, 'valid' as const, 1),
  })
  .map((c) => ({ ...c, dilations: c.strides[0] > 1 || c.strides[1] > 1 ? ([1, 1] as [number, number]) : c.dilations }))
  .filter(({ pad, height, width, filterHeight, filterWidth, dilations }) => {
    const margin = pad === 1 ? 2 : 0;
    const fits = (length: number, taps: number, dilation: number) => length + margin >= (taps - 1) * dilation + 1;
    return pad === 'same' || (fits(height, filterHeight, dilations[0]) && fits(width, filterWidth, dilations[1]));
  });

type Case = typeof cases extends fc.Arbitrary<infer T> ? T : never;

function image(c: Case): tf.Tensor4D {
  return tensorOf(1, [c.batch, c.height, c.width, c.channels]) as tf.Tensor4D;
}

function filterOf(c: Case): tf.Tensor4D {
  return tensorOf(2, [c.filterHeight, c.filterWidth, c.channels, c.outChannels]) as tf.Tensor4D;
}

describe('conv2d', () => {
  it('gives what cpu gives for any stride, padding and dilation', async () => {
    await fc.assert(
      fc.asyncProperty(cases, (c) =>
        expectSameAsCpu(() => tf.conv2d(image(c), filterOf(c), c.strides, c.pad, 'NHWC', c.dilations)),
      ),
      PROPERTY,
    );
  });

  it('has the gradients of cpu', async () => {
    await fc.assert(
      fc.asyncProperty(cases, (c) =>
        expectSameAsCpu(() => {
          const convolve = (x: tf.Tensor, w: tf.Tensor) =>
            tf.sum(
              tf.square(tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, c.strides, c.pad, 'NHWC', [1, 1])),
            ) as tf.Scalar;
          const undilated = {
            ...c,
            filterHeight: Math.min(c.filterHeight, c.height),
            filterWidth: Math.min(c.filterWidth, c.width),
          };
          return tf.grads(convolve)([image(undilated), filterOf(undilated)]);
        }, 1e-4),
      ),
      PROPERTY,
    );
  });

  it('transposed gives what cpu gives', async () => {
    await fc.assert(
      fc.asyncProperty(cases, (c) =>
        expectSameAsCpu(() => {
          const shape: [number, number, number, number] = [
            c.batch,
            c.height * c.strides[0],
            c.width * c.strides[1],
            c.outChannels,
          ];
          const filter = tensorOf(2, [c.filterHeight, c.filterWidth, c.outChannels, c.channels]) as tf.Tensor4D;
          return tf.conv2dTranspose(image(c), filter, shape, c.strides, 'same');
        }),
      ),
      PROPERTY,
    );
  });

  it.each(['linear', 'relu', 'relu6', 'sigmoid', 'elu', 'leakyrelu'] as const)('fuses a bias and %s', (activation) =>
    expectSameAsCpu(() =>
      tf.fused.conv2d({
        x: tensorOf(1, [2, 6, 6, 3]) as tf.Tensor4D,
        filter: tensorOf(2, [3, 3, 3, 5]) as tf.Tensor4D,
        strides: 1,
        pad: 'same',
        bias: tensorOf(3, [5]),
        activation,
        leakyreluAlpha: 0.3,
      }),
    ),
  );

  it('leaves channels-first images to cpu', () =>
    expectSameAsCpu(() =>
      tf.conv2d(tensorOf(1, [1, 3, 5, 5]) as tf.Tensor4D, tensorOf(2, [2, 2, 3, 4]) as tf.Tensor4D, 1, 'same', 'NCHW'),
    ));
});

// Work enough for several parts, and for the blocked convolution to be chosen, where this CPU has it.
const large: [string, number[], number[], number, 'same' | 'valid'][] = [
  ['k4 s2', [4, 14, 14, 32], [4, 4, 32, 48], 2, 'same'],
  ['k3 s1', [4, 12, 10, 32], [3, 3, 32, 32], 1, 'same'],
  ['k5 s3 valid', [12, 15, 15, 20], [5, 5, 20, 36], 3, 'valid'],
  ['k3 s2 odd', [12, 13, 11, 36], [3, 3, 36, 20], 2, 'same'],
  ['k1 s2', [16, 16, 16, 32], [1, 1, 32, 64], 2, 'same'],
  ['few channels out', [8, 14, 14, 32], [5, 5, 32, 3], 1, 'same'],
  ['few channels in', [8, 28, 28, 1], [4, 4, 1, 64], 2, 'same'],
];

describe.each(['blocked', 'patches'])('a layer of some size, %s', (path) => {
  let width = 0;
  afterEach(async () => {
    if (path === 'patches') (await backend()).channelBlock = width;
  });

  it.each(large)('%s', async (_name, imageShape, filterShape, stride, pad) => {
    const onnx = await backend();
    width = onnx.channelBlock;
    if (path === 'patches') onnx.channelBlock = 0;
    await expectSameAsCpu(() => {
      const x = tensorOf(1, imageShape) as tf.Tensor4D;
      const w = tensorOf(2, filterShape) as tf.Tensor4D;
      const y = tf.conv2d(x, w, stride, pad);
      const [dx, dw] = tf.grads((x, w) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, stride, pad))([x, w], y);
      return [y, dx as tf.Tensor, dw as tf.Tensor];
    }, 1e-3);
  });
});

describe('the probe of the blocked convolution', () => {
  it('gives a width of channels or nothing, and the same each time', async () => {
    const onnx = await backend();
    expect([0, 8, 16]).toContain(probeChannelBlock(onnx));
    expect(probeChannelBlock(onnx)).toBe(onnx.channelBlock);
  });
});
