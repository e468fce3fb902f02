/** The gradient by the filter from windows, against the cpu backend for any geometry, and where it is chosen. */

import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OnnxBackend } from '../backend.ts';
import { computeOn, expectClose, expectSameAsCpu, PROPERTY, tensorOf } from '../testing/compare-with-cpu.ts';
import { convolutionGeometry } from './conv2d-geometry.ts';
import { filterGradientFromWindows, suitsWindows } from './filter-gradient-windows.ts';

/** Padding of the height and width that differs on every side. */
const uneven = [
  [0, 0],
  [1, 2],
  [2, 0],
  [0, 0],
] as const;

const small = (max: number) => fc.integer({ min: 1, max });
const cases = fc
  .record({
    batch: small(5),
    height: small(9),
    width: small(9),
    channels: small(5),
    outChannels: small(6),
    filterHeight: small(5),
    filterWidth: small(5),
    strides: fc.tuple(small(3), small(3)),
    pad: fc.constantFrom('same' as const, 'valid' as const, uneven),
    imagesAtOnce: small(3),
  })
  .filter(({ pad, height, width, filterHeight, filterWidth }) => {
    const [rows, columns] = pad === uneven ? [3, 2] : [0, 0];
    return pad === 'same' || (height + rows >= filterHeight && width + columns >= filterWidth);
  });
type Case = typeof cases extends fc.Arbitrary<infer T> ? T : never;

function geometryOf(imageShape: number[], filterShape: number[], strides: [number, number], pad: unknown) {
  const attrs = { strides, pad: pad as string, dataFormat: 'NHWC' };
  const backend = tf.backend() as OnnxBackend;
  const geometry = convolutionGeometry({ inputs: {}, attrs, backend }, imageShape, filterShape);
  if (geometry === undefined) throw new Error('no geometry');
  return geometry;
}

function tensorsOf(c: Case) {
  const imageShape = [c.batch, c.height, c.width, c.channels];
  const filterShape = [c.filterHeight, c.filterWidth, c.channels, c.outChannels];
  const g = geometryOf(imageShape, filterShape, c.strides, c.pad);
  const dy = tensorOf(2, [c.batch, g.outHeight, g.outWidth, c.outChannels]) as tf.Tensor4D;
  return { g, x: tensorOf(1, imageShape) as tf.Tensor4D, dy, filterShape };
}

describe('the gradient by the filter, from windows', () => {
  it('is what cpu gives, for any stride and padding, with the images in any number of parts', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async (c) => {
        await tf.setBackend('cpu');
        const expected = computeOn('cpu', () => {
          const { x, dy, filterShape } = tensorsOf(c);
          const engine = tf.engine();
          const attrs = { strides: c.strides, pad: c.pad, dataFormat: 'NHWC', dimRoundingMode: 'floor', filterShape };
          return engine.runKernel('Conv2DBackpropFilter', { x, dy }, attrs as unknown as tf.NamedAttrMap) as tf.Tensor;
        });
        await tf.setBackend('onnx');
        const backend = tf.backend();
        if (!OnnxBackend.isInstance(backend)) throw new Error('the backend is not onnx');
        const actual = computeOn('onnx', () => {
          const { g, x, dy, filterShape } = tensorsOf(c);
          // What was in the memory before must not matter.
          const out = tf.fill(filterShape, Number.NaN);
          const bytes = c.imagesAtOnce * 4 * 200 * (9 * c.channels + c.outChannels);
          const pointers = [x, dy, out].map((tensor) => backend.pointer(tensor)) as [number, number, number];
          backend.scratch(1 << 20, 'a test', (pointer) => {
            new Float32Array(backend.heap.buffer, pointer, 1 << 18).fill(Number.NaN);
          });
          filterGradientFromWindows(backend, g, ...pointers, c.imagesAtOnce === 3 ? bytes : c.imagesAtOnce * 400);
          return out;
        });
        expectClose(actual, expected, 1e-4);
      }),
      { ...PROPERTY, numRuns: 150 },
    );
  });

  it('is chosen for large images at stride 1 on several threads, and gives what cpu gives there', async () => {
    await tf.setBackend('onnx');
    const [imageShape, filterShape] = [
      [5, 32, 32, 16],
      [3, 3, 16, 8],
    ];
    expect(suitsWindows(geometryOf(imageShape, filterShape, [1, 1], 'same'), 2)).toBe(true);
    expect(suitsWindows(geometryOf(imageShape, filterShape, [1, 1], 'same'), 1)).toBe(false);
    expect(suitsWindows(geometryOf([5, 8, 8, 16], filterShape, [1, 1], 'same'), 2)).toBe(false);
    await expectSameAsCpu(() => {
      const x = tensorOf(1, imageShape) as tf.Tensor4D;
      const convolve = (w: tf.Tensor) => tf.conv2d(x, w as tf.Tensor4D, 1, 'same');
      return tf.grad(convolve)(tensorOf(2, filterShape), tensorOf(3, [5, 32, 32, 8]));
    }, 1e-3);
  });
});
