/** Batch normalisation with given moments, as tfjs's kernel of that name. */

import type * as tf from '@tensorflow/tfjs';
import type { OnnxBackend } from '../backend.ts';
import { input, isFloat, type KernelCall, type NativeKernel, sizeOf } from './native-kernel.ts';
import { kernelInRanges } from './ranges.ts';

/** y = activation((x - mean) * factor + offset); `slope` is the activation's where its argument is negative, 1 for none. */
export function normalize(
  backend: OnnxBackend,
  tensors: { x: tf.TensorInfo; mean: tf.TensorInfo; factor: number; offset: number; y: tf.TensorInfo },
  slope: number,
): void {
  const { x, mean, factor, offset, y } = tensors;
  const channels = x.shape[x.shape.length - 1] as number;
  const size = sizeOf(x.shape);
  const [from, means, to] = [x, mean, y].map((info) => backend.pointer(info)) as [number, number, number];
  kernelInRanges(backend, 'normalize', { total: size / channels, elements: 2 * size }, ({ first, count }) => {
    const skip = 4 * first * channels;
    return [from + skip, means, factor, offset, to + skip, count, channels, slope];
  });
}

function run(call: KernelCall): tf.TensorInfo | undefined {
  const x = input(call, 'x');
  const { mean, variance, scale, offset } = call.inputs;
  const channels = x.shape[x.shape.length - 1] ?? 1;
  const perChannel = [mean, variance, scale ?? undefined, offset ?? undefined].filter((info) => info !== undefined);
  if (!isFloat(x, ...perChannel) || sizeOf(x.shape) === 0) return undefined;
  if (perChannel.some(({ shape }) => sizeOf(shape) !== channels || (shape[shape.length - 1] ?? 1) !== channels)) {
    return undefined;
  }
  const { backend, attrs } = call;
  const epsilon = (attrs['varianceEpsilon'] as number | undefined) ?? 0.001;
  const out = backend.reserve(x.shape, 'float32');
  backend.scratch(8 * channels, 'factors of a batch normalisation', (factor) => {
    const zeros = factor + 4 * channels;
    const scalePointer = scale === undefined || scale === null ? 0 : backend.pointer(scale);
    const variancePointer = backend.pointer(variance as tf.TensorInfo);
    backend.kernel('normalization_factor')(scalePointer, variancePointer, factor, channels, epsilon);
    if (offset === undefined || offset === null) backend.kernel('fill')(zeros, channels, 0);
    const offsets = offset === undefined || offset === null ? zeros : backend.pointer(offset);
    normalize(backend, { x, mean: mean as tf.TensorInfo, factor, offset: offsets, y: out }, 1);
  });
  return out;
}

export const batchNormKernel: NativeKernel = { name: 'FusedBatchNorm', run };
