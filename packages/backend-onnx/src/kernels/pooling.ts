/** 2-D pooling and its gradients. */

import * as tf from '@tensorflow/tfjs';
import type { OnnxBackend } from '../backend.ts';
import { type ConvolutionGeometry, geometryFrom, geometryIntegers } from './conv2d-geometry.ts';
import { input, isFloat, type KernelCall, type NativeKernel } from './native-kernel.ts';
import { kernelInRanges } from './ranges.ts';

function poolGeometry(call: KernelCall, shape: readonly number[]): ConvolutionGeometry | undefined {
  const { filterSize, strides, pad, dimRoundingMode } = call.attrs;
  const info = tf.backend_util.computePool2DInfo(
    shape as [number, number, number, number],
    filterSize as [number, number],
    strides as [number, number],
    1,
    pad as 'same',
    dimRoundingMode as 'floor',
  );
  return geometryFrom(info);
}

/** Runs a kernel over ranges of images; `pointers` gets how many bytes of pooled and of whole images come before. */
function inImages(
  backend: OnnxBackend,
  kernel: string,
  g: ConvolutionGeometry,
  pointers: (before: { small: number; large: number }) => number[],
): void {
  const large = g.height * g.width * g.channels;
  const small = g.outHeight * g.outWidth * g.channels;
  const work = { total: g.batch, elements: g.batch * (large + small) };
  kernelInRanges(backend, kernel, work, ({ first, count }, integers) => [
    ...pointers({ small: 4 * first * small, large: 4 * first * large }),
    integers(geometryIntegers({ ...g, batch: count })),
  ]);
}

function pool(call: KernelCall, kernel: string): tf.TensorInfo | undefined {
  const x = input(call, 'x');
  if (!isFloat(x)) return undefined;
  const g = poolGeometry(call, x.shape);
  if (g === undefined) return undefined;
  const { backend } = call;
  // tfjs takes windows of one pixel for the identity whenever the shapes agree, whatever the padding.
  if (g.filterHeight === 1 && g.filterWidth === 1 && g.height === g.outHeight && g.width === g.outWidth) {
    return backend.alias(x);
  }
  const out = backend.reserve([g.batch, g.outHeight, g.outWidth, g.channels], 'float32');
  const [image, result] = [backend.pointer(x), backend.pointer(out)];
  inImages(backend, kernel, g, ({ small, large }) => [image + large, result + small]);
  return out;
}

function maxPoolGradient(call: KernelCall): tf.TensorInfo | undefined {
  const dy = input(call, 'dy');
  const x = input(call, 'input');
  const g = isFloat(dy, x) ? poolGeometry(call, x.shape) : undefined;
  if (g === undefined) return undefined;
  const { backend } = call;
  const dx = backend.reserve(x.shape, 'float32');
  const [image, gradient, result] = [x, dy, dx].map((info) => backend.pointer(info)) as [number, number, number];
  inImages(backend, 'max_pool_gradient', g, ({ small, large }) => [image + large, gradient + small, result + large]);
  return dx;
}

function averagePoolGradient(call: KernelCall): tf.TensorInfo | undefined {
  const dy = input(call, 'dy');
  const x = input(call, 'input');
  const g = isFloat(dy, x) ? poolGeometry(call, x.shape) : undefined;
  if (g === undefined) return undefined;
  const { backend } = call;
  const dx = backend.reserve(x.shape, 'float32');
  const [gradient, result] = [backend.pointer(dy), backend.pointer(dx)];
  inImages(backend, 'average_pool_gradient', g, ({ small, large }) => [gradient + small, result + large]);
  return dx;
}

export const poolingKernels: NativeKernel[] = [
  { name: 'MaxPool', run: (call) => pool(call, 'max_pool') },
  { name: 'AvgPool', run: (call) => pool(call, 'average_pool') },
  { name: 'MaxPoolGrad', run: maxPoolGradient },
  { name: 'AvgPoolGrad', run: averagePoolGradient },
];
