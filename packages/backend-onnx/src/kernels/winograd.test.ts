/** Convolution in tiles against sums in double precision and against the cpu backend. */

import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OnnxBackend } from '../backend.ts';
import { computeOn, expectClose, expectSameAsCpu, numbers, PROPERTY, tensorOf } from '../testing/compare-with-cpu.ts';
import { type ConvolutionGeometry, geometryFrom } from './conv2d-geometry.ts';
import { convolveTransposedWinograd, convolveWinograd, filterGradientWinograd } from './winograd.ts';
import { suitsWinograd } from './winograd-tiling.ts';

async function backend(): Promise<OnnxBackend> {
  await tf.setBackend('onnx');
  const found = tf.backend();
  if (!(found instanceof OnnxBackend)) throw new Error('the backend is not onnx');
  return found;
}

type Shape4 = [number, number, number, number];

/** A result written by `compute` into a new tensor. */
function written(onnx: OnnxBackend, shape: number[], compute: (pointer: number) => void): tf.Tensor {
  const info = onnx.reserve(shape, 'float32');
  compute(onnx.pointer(info));
  return tf.engine().makeTensorFromTensorInfo(info, onnx);
}

function inTiles(onnx: OnnxBackend, g: ConvolutionGeometry, x: tf.Tensor, w: tf.Tensor, dy: tf.Tensor): tf.Tensor[] {
  const [image, filter, gradient] = [x, w, dy].map((tensor) => onnx.pointer(tensor)) as [number, number, number];
  return [
    written(onnx, dy.shape, (out) => convolveWinograd(onnx, g, image, filter, out)),
    written(onnx, x.shape, (out) => convolveTransposedWinograd(onnx, g, gradient, filter, out)),
    written(onnx, w.shape, (out) => filterGradientWinograd(onnx, g, image, gradient, out)),
  ];
}

const length = fc.integer({ min: 1, max: 13 });
const channels = fc.constantFrom(4, 8, 20);
const layers = fc
  .record({
    batch: fc.integer({ min: 1, max: 3 }),
    height: length,
    width: length,
    channels,
    outChannels: channels,
    // Filters of two or three taps in each plane.
    filterAndStride: fc.constantFrom<[number, number]>([2, 1], [3, 1], [3, 2], [4, 2], [5, 2], [6, 2]),
    pad: fc.constantFrom('same' as const, 'valid' as const, 1, 2),
  })
  .filter(({ height, width, filterAndStride: [size], pad }) => {
    const margin = typeof pad === 'number' ? 2 * pad : 0;
    return pad === 'same' || Math.min(height, width) + margin >= size;
  });

describe('convolution in tiles', () => {
  it('gives what cpu gives for any size, stride and padding, with both gradients', async () => {
    const onnx = await backend();
    await fc.assert(
      fc.asyncProperty(layers, async (layer) => {
        const { batch, height, width, filterAndStride, pad } = layer;
        const [size, stride] = filterAndStride;
        const [xShape, wShape]: [Shape4, Shape4] = [
          [batch, height, width, layer.channels],
          [size, size, layer.channels, layer.outChannels],
        ];
        const info = tf.backend_util.computeConv2DInfo(xShape, wShape, stride, 1, pad);
        const g = geometryFrom(info) as ConvolutionGeometry;
        const tensors = () => [tensorOf(1, xShape), tensorOf(2, wShape), tensorOf(3, info.outShape)] as const;
        await tf.setBackend('cpu');
        const expected = computeOn('cpu', () => {
          const [x, w, dy] = tensors();
          const convolve = (x: tf.Tensor, w: tf.Tensor) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, stride, pad);
          return [convolve(x, w), ...tf.grads(convolve)([x, w], dy as tf.Tensor4D)];
        });
        await tf.setBackend('onnx');
        expectClose(
          computeOn('onnx', () => inTiles(onnx, g, ...tensors())),
          expected,
          1e-4,
        );
      }),
      { ...PROPERTY, numRuns: 60 },
    );
  });

  // The bound that the README states, on a layer of 64 channels.
  it.each([
    [3, 1],
    [4, 2],
  ])('has rounding errors of at most four times those of plain sums, filter %i stride %i', async (size, stride) => {
    const onnx = await backend();
    const [side, depth] = [16, 64];
    const [xShape, wShape]: [Shape4, Shape4] = [
      [1, side, side, depth],
      [size, size, depth, 4],
    ];
    const info = tf.backend_util.computeConv2DInfo(xShape, wShape, stride, 1, 'same');
    const g = geometryFrom(info) as ConvolutionGeometry;
    const x = numbers(1, side * side * depth);
    const w = numbers(2, size * size * depth * 4);
    const found = computeOn('onnx', () => {
      const [image, filter] = [tf.tensor(x, xShape), tf.tensor(w, wShape)].map((tensor) => onnx.pointer(tensor)) as [
        number,
        number,
      ];
      return written(onnx, info.outShape, (out) => convolveWinograd(onnx, g, image, filter, out));
    })[0]?.values as ArrayLike<number>;
    let [errorInTiles, errorOfSums] = [0, 0];
    for (let position = 0; position < g.outHeight * g.outWidth; position++) {
      const [row, column] = [Math.floor(position / g.outWidth), position % g.outWidth];
      for (let out = 0; out < 4; out++) {
        let [exact, plain] = [0, 0];
        for (let tap = 0; tap < size * size; tap++) {
          const y = row * stride - g.padTop + Math.floor(tap / size);
          const z = column * stride - g.padLeft + (tap % size);
          if (y < 0 || y >= side || z < 0 || z >= side) continue;
          for (let c = 0; c < depth; c++) {
            const product = (x[(y * side + z) * depth + c] as number) * (w[(tap * depth + c) * 4 + out] as number);
            exact += product;
            plain = Math.fround(plain + Math.fround(product));
          }
        }
        errorInTiles += ((found[position * 4 + out] as number) - exact) ** 2;
        errorOfSums += (plain - exact) ** 2;
      }
    }
    expect(Math.sqrt(errorInTiles / errorOfSums)).toBeLessThan(4);
  });

  it('is what a layer of some size uses, with its bias and activation', async () => {
    const onnx = await backend();
    const [xShape, wShape]: [Shape4, Shape4] = [
      [12, 16, 16, 32],
      [3, 3, 32, 32],
    ];
    const g = geometryFrom(tf.backend_util.computeConv2DInfo(xShape, wShape, 1, 1, 'same')) as ConvolutionGeometry;
    expect(suitsWinograd(onnx, g, 'convolution')).toBe(true);
    expect(suitsWinograd(onnx, { ...g, batch: 1 }, 'convolution')).toBe(false);
    expect(suitsWinograd(onnx, { ...g, dilationWidth: 2 }, 'convolution')).toBe(false);
    for (const activation of ['linear', 'relu', 'relu6', 'leakyrelu', 'sigmoid'] as const) {
      await expectSameAsCpu(
        () =>
          tf.fused.conv2d({
            x: tensorOf(1, xShape) as tf.Tensor4D,
            filter: tensorOf(2, wShape) as tf.Tensor4D,
            strides: 1,
            pad: 'same',
            bias: tensorOf(3, [32]),
            activation,
            leakyreluAlpha: 0.3,
          }),
        1e-4,
      );
    }
  });

  it('gives gradients made of several parts', () =>
    expectSameAsCpu(() => {
      const x = tensorOf(1, [12, 16, 16, 32]);
      const w = tensorOf(2, [3, 3, 32, 32]);
      const convolve = (x: tf.Tensor, w: tf.Tensor) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 'same');
      return tf.grads(convolve)([x, w], tensorOf(3, [12, 16, 16, 32]));
    }, 1e-3));

  it('gives the same bytes whichever thread does which part', async () => {
    const onnx = await backend();
    const [xShape, wShape]: [Shape4, Shape4] = [
      [32, 16, 16, 32],
      [3, 3, 32, 32],
    ];
    const g = geometryFrom(tf.backend_util.computeConv2DInfo(xShape, wShape, 1, 1, 'same')) as ConvolutionGeometry;
    const bytes = () =>
      computeOn('onnx', () => inTiles(onnx, g, tensorOf(1, xShape), tensorOf(2, wShape), tensorOf(3, xShape))).map(
        ({ values }) => Buffer.from((values as Float32Array).buffer).toString('base64'),
      );
    const first = bytes();
    for (let repetition = 0; repetition < 10; repetition++) expect(bytes()).toEqual(first);
  });
});
