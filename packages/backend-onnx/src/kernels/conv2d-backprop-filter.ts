/** The gradient of a 2-D convolution by its filter: patches of the image, or windows over it, transposed, times the output's gradient. */

import type * as tf from '@tensorflow/tfjs';
import type { OnnxBackend } from '../backend.ts';
import { FLOAT, singleOperator } from '../onnx/model.ts';
import {
  type ConvolutionGeometry,
  convolutionGeometry,
  geometryIntegers,
  isPointwise,
  patchSize,
  rowChunks,
} from './conv2d-geometry.ts';
import { filterGradientFromWindows, suitsWindows } from './filter-gradient-windows.ts';
import { matMul } from './mat-mul.ts';
import { input, isFloat, type KernelCall, type NativeKernel } from './native-kernel.ts';

/** With so many times fewer output than input channels, patches of the gradient are cheaper than those of the image. */
const FEW_CHANNELS_RATIO = 4;

function run(call: KernelCall): tf.TensorInfo | undefined {
  const x = input(call, 'x');
  const dy = input(call, 'dy');
  if (!isFloat(x, dy)) return undefined;
  const shape = call.attrs['filterShape'] as number[];
  const g = convolutionGeometry(call, x.shape, shape);
  if (g === undefined) return undefined;
  const { backend } = call;
  const out = backend.reserve(shape, 'float32');
  const [image, gradient, result] = [backend.pointer(x), backend.pointer(dy), backend.pointer(out)];
  if (isPointwise(g)) {
    const rows = g.batch * g.height * g.width;
    matMul(
      backend,
      backend.floats(image, [rows, g.channels]),
      backend.floats(gradient, [rows, g.outChannels]),
      backend.floats(result, [g.channels, g.outChannels]),
      true,
    );
  } else if (g.strideHeight === 1 && g.strideWidth === 1 && g.outChannels * FEW_CHANNELS_RATIO <= g.channels) {
    fromGradientPatches(backend, g, image, gradient, result);
  } else if (suitsWindows(g, backend.runtime.threads)) {
    filterGradientFromWindows(backend, g, image, gradient, result);
  } else {
    fromImagePatches(backend, g, image, gradient, result);
  }
  return out;
}

function fromImagePatches(backend: OnnxBackend, g: ConvolutionGeometry, image: number, dy: number, out: number): void {
  const size = patchSize(g);
  const chunks = rowChunks(g, backend.runtime.threads);
  const longest = chunks[0]?.count ?? 0;
  backend.scratch(4 * longest * g.outWidth * size, 'patches of a filter gradient', (patches) => {
    for (const { first, count } of chunks) {
      backend.kernel('patches')(image, patches, backend.integers(geometryIntegers(g)), first, count);
      const pixels = count * g.outWidth;
      const a = backend.floats(patches, [pixels, size]);
      const b = backend.floats(dy + 4 * first * g.outWidth * g.outChannels, [pixels, g.outChannels]);
      const result = backend.floats(out, [size, g.outChannels]);
      if (first === 0) matMul(backend, a, b, result, true);
      else addProduct(backend, a, b, result);
    }
  });
}

/** out += transposed a x b. */
function addProduct(
  backend: OnnxBackend,
  a: Parameters<typeof matMul>[1],
  b: Parameters<typeof matMul>[2],
  out: Parameters<typeof matMul>[3],
): void {
  backend.run(
    'Gemm accumulate',
    () => singleOperator('Gemm', [FLOAT, FLOAT, FLOAT], [FLOAT], { attributes: { transA: 1 } }),
    [a, b, out],
    [out],
  );
}

/** For stride 1: the image, transposed, times patches of the gradient; these run over the taps in reverse. */
function fromGradientPatches(
  backend: OnnxBackend,
  g: ConvolutionGeometry,
  image: number,
  dy: number,
  out: number,
): void {
  const taps = g.filterHeight * g.filterWidth;
  const columns = taps * g.outChannels;
  const rows = g.batch * g.height * g.width;
  const adjoint: ConvolutionGeometry = {
    ...g,
    height: g.outHeight,
    width: g.outWidth,
    channels: g.outChannels,
    outHeight: g.height,
    outWidth: g.width,
    outChannels: g.channels,
    padTop: (g.filterHeight - 1) * g.dilationHeight - g.padTop,
    padLeft: (g.filterWidth - 1) * g.dilationWidth - g.padLeft,
  };
  backend.scratch(4 * rows * columns, 'patches of a filter gradient', (patches) => {
    backend.kernel('patches')(dy, patches, backend.integers(geometryIntegers(adjoint)), 0, g.batch * g.height);
    backend.scratch(4 * g.channels * columns, 'a reversed filter gradient', (reversed) => {
      matMul(
        backend,
        backend.floats(image, [rows, g.channels]),
        backend.floats(patches, [rows, columns]),
        backend.floats(reversed, [g.channels, columns]),
        true,
      );
      // [channel, last tap - tap, out] -> [tap, channel, out]
      const parameters = backend.integers([
        ...[taps, g.channels, g.outChannels],
        ...[-g.outChannels, columns, 1],
        ...[g.channels * g.outChannels, g.outChannels, 1],
      ]);
      const last = reversed + 4 * (taps - 1) * g.outChannels;
      backend.kernel('strided_copy')(last, out, 3, parameters, parameters + 12, parameters + 24);
    });
  });
}

export const conv2dBackpropFilterKernel: NativeKernel = { name: 'Conv2DBackpropFilter', run };
