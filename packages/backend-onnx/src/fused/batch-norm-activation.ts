/**
 * Batch normalisation with the batch's own moments, and an activation: one pass for the moments, one for the result, two
 * for the gradients (Ioffe and Szegedy 2015, Algorithm 1 and the equations of section 3).
 */

import * as tf from '@tensorflow/tfjs';
import type { OnnxBackend } from '../backend.ts';
import { OnnxBackendError } from '../errors.ts';
import { normalize } from '../kernels/batch-norm.ts';
import { input, type KernelCall, type NativeKernel, sizeOf } from '../kernels/native-kernel.ts';
import { kernelInRanges } from '../kernels/ranges.ts';
import {
  activateComposite,
  derivativeComposite,
  type FusedActivation,
  hasKernel,
  needsSecondDerivative,
  slopeOf,
} from './activation.ts';

const FORWARD = 'BatchNormActivation';
const BACKWARD = 'BatchNormActivationGrad';

export interface BatchNormActivationOptions {
  /** Added to the variance. Default 0.001, as in tf.layers. */
  epsilon?: number;
  /** Default `linear`. */
  activation?: FusedActivation;
}

/** The result and the moments that it was made with; these count as constants for gradients. */
export interface BatchNormActivationResult<T extends tf.Tensor> {
  y: T;
  /** [channels] */
  mean: tf.Tensor1D;
  /** [channels], divided by the number of rows (biased) */
  variance: tf.Tensor1D;
}

/**
 * `y = activation(scale * (x - mean) / sqrt(variance + epsilon) + offset)`, with mean and variance over all axes but the last.
 * Differentiable by x, scale and offset, to any order. On backends without the fused kernel it is made of plain operations.
 *
 * @param x [..., channels]
 * @param scale [channels]
 * @param offset [channels]
 * @throws OnnxBackendError for shapes that do not fit.
 */
export function batchNormActivation<T extends tf.Tensor>(
  x: T,
  scale: tf.Tensor1D,
  offset: tf.Tensor1D,
  options: BatchNormActivationOptions = {},
): BatchNormActivationResult<T> {
  const channels = x.shape[x.rank - 1];
  if (channels === undefined || scale.size !== channels || offset.size !== channels) {
    throw new OnnxBackendError(
      `batchNormActivation got x [${x.shape}], scale [${scale.shape}] and offset [${offset.shape}]; give scale and offset one element per channel.`,
    );
  }
  const attrs = { epsilon: options.epsilon ?? 0.001, slope: slopeOf(options.activation) };
  if (hasKernel(FORWARD)) {
    const inputs = { x, scale, offset };
    const [y, mean, variance] = tf
      .engine()
      .runKernel(FORWARD, inputs as unknown as tf.NamedTensorMap, attrs) as unknown as [T, tf.Tensor1D, tf.Tensor1D];
    return { y, mean, variance };
  }
  return tf.tidy(() => {
    const { deviation, mean, variance } = moments(x);
    const z = tf.add(tf.mul(deviation, tf.mul(scale, tf.rsqrt(tf.add(variance, attrs.epsilon)))), offset);
    return {
      y: activateComposite(z, attrs.slope) as T,
      mean: constant(mean) as tf.Tensor1D,
      variance: constant(variance) as tf.Tensor1D,
    };
  });
}

function moments(x: tf.Tensor): { deviation: tf.Tensor; mean: tf.Tensor; variance: tf.Tensor; axes: number[] } {
  const axes = x.shape.slice(0, -1).map((_, axis) => axis);
  const mean = tf.mean(x, axes);
  const deviation = tf.sub(x, mean);
  return { deviation, mean, variance: tf.mean(tf.square(deviation), axes), axes };
}

const constant = tf.customGrad((x) => ({
  value: (x as tf.Tensor).clone(),
  gradFunc: (dy) => tf.zerosLike(dy as tf.Tensor),
}));

/** The gradients in plain operations, for when they are differentiated again. */
function gradientsComposite(
  dy: tf.Tensor,
  x: tf.Tensor,
  scale: tf.Tensor,
  offset: tf.Tensor,
  epsilon: number,
  slope: number,
): [dx: tf.Tensor, dScale: tf.Tensor, dOffset: tf.Tensor] {
  const { deviation, variance, axes } = moments(x);
  const inverse = tf.rsqrt(tf.add(variance, epsilon));
  const normalized = tf.mul(deviation, inverse);
  const dz = tf.mul(dy, derivativeComposite(tf.add(tf.mul(normalized, scale), offset), slope));
  const along = tf.mul(dz, normalized);
  const centred = tf.sub(tf.sub(dz, tf.mean(dz, axes)), tf.mul(normalized, tf.mean(along, axes)));
  return [tf.mul(tf.mul(scale, inverse), centred), tf.sum(along, axes), tf.sum(dz, axes)];
}

/** Ranges of channels are read with whole vectors. */
const CHANNEL_MULTIPLE = 16;

function forward(call: KernelCall): tf.TensorInfo[] {
  const { backend, attrs } = call;
  const x = input(call, 'x');
  const channels = x.shape[x.shape.length - 1] as number;
  const rows = sizeOf(x.shape) / channels;
  const y = backend.reserve(x.shape, 'float32');
  const mean = backend.reserve([channels], 'float32');
  const variance = backend.reserve([channels], 'float32');
  if (sizeOf(x.shape) === 0) return [y, mean, variance];
  const byChannels = { total: channels, elements: rows * channels, multiple: CHANNEL_MULTIPLE };
  const pointers = [x, mean, variance].map((info) => backend.pointer(info));
  kernelInRanges(backend, 'channel_moments', byChannels, ({ first, count }) => [
    ...pointers.map((pointer) => pointer + 4 * first),
    ...[rows, count, channels],
  ]);
  backend.scratch(4 * channels, 'factors of a batch normalisation', (factor) => {
    backend.kernel('normalization_factor')(
      backend.pointer(input(call, 'scale')),
      backend.pointer(variance),
      factor,
      channels,
      attrs['epsilon'] as number,
    );
    normalize(
      backend,
      { x, mean, factor, offset: backend.pointer(input(call, 'offset')), y },
      attrs['slope'] as number,
    );
  });
  return [y, mean, variance];
}

/**
 * The sums over rows of dz and of dz * (x - mean), dz being dy times the activation's derivative. `pointers` are x, dy, mean, factor and
 * offset, then where the sums go.
 */
export function sumsOfGradient(
  backend: OnnxBackend,
  pointers: readonly number[],
  rows: number,
  channels: number,
  slope: number,
): void {
  const byChannels = { total: channels, elements: 2 * rows * channels, multiple: CHANNEL_MULTIPLE };
  kernelInRanges(backend, 'normalize_gradient_sums', byChannels, ({ first, count }) => [
    ...pointers.map((pointer) => pointer + 4 * first),
    ...[rows, count, channels, slope],
  ]);
}

function backward(call: KernelCall): tf.TensorInfo[] {
  const { backend, attrs } = call;
  const [x, dy, scale, offset] = ['x', 'dy', 'scale', 'offset'].map((name) => input(call, name)) as [
    tf.TensorInfo,
    tf.TensorInfo,
    tf.TensorInfo,
    tf.TensorInfo,
  ];
  const mean = backend.pointer(input(call, 'mean'));
  const variance = backend.pointer(input(call, 'variance'));
  const channels = x.shape[x.shape.length - 1] as number;
  const rows = sizeOf(x.shape) / channels;
  const dx = backend.reserve(x.shape, 'float32');
  const dScale = backend.reserve(scale.shape, 'float32');
  const dOffset = backend.reserve(offset.shape, 'float32');
  const [epsilon, slope] = [attrs['epsilon'] as number, attrs['slope'] as number];
  backend.scratch(16 * channels, 'sums of a batch normalisation', (scratch) => {
    const [factor, inverse, meanTerm, deviationTerm] = [0, 1, 2, 3].map((part) => scratch + 4 * channels * part) as [
      number,
      number,
      number,
      number,
    ];
    const [px, pdy, pScale, pOffset] = [x, dy, scale, offset].map((info) => backend.pointer(info)) as [
      number,
      number,
      number,
      number,
    ];
    const [pdScale, pdOffset] = [backend.pointer(dScale), backend.pointer(dOffset)];
    backend.kernel('normalization_factor')(pScale, variance, factor, channels, epsilon);
    backend.kernel('normalization_factor')(0, variance, inverse, channels, epsilon);
    sumsOfGradient(backend, [px, pdy, mean, factor, pOffset, pdOffset, pdScale], rows, channels, slope);
    backend.kernel('normalization_terms')(pdOffset, pdScale, inverse, meanTerm, deviationTerm, rows, channels);
    const pdx = backend.pointer(dx);
    kernelInRanges(
      backend,
      'normalize_gradient_input',
      { total: rows, elements: 3 * rows * channels },
      ({ first, count }) => {
        const skip = 4 * first * channels;
        const terms = [mean, factor, pOffset, meanTerm, deviationTerm];
        return [px + skip, pdy + skip, ...terms, pdx + skip, count, channels, slope];
      },
    );
  });
  return [dx, dScale, dOffset];
}

/** Kernels for the registry; see the README for their inputs and attributes. */
export const batchNormActivationKernels: NativeKernel[] = [
  { name: FORWARD, run: forward },
  { name: BACKWARD, run: backward },
];

export const batchNormActivationGradient: tf.GradConfig = {
  kernelName: FORWARD,
  inputsToSave: ['x', 'scale', 'offset'],
  outputsToSave: [false, true, true],
  gradFunc: (dys, saved, attrs) => {
    const [dy] = dys as tf.Tensor[];
    const [x, scale, offset, mean, variance] = saved;
    const named = { dy, x, scale, offset, mean, variance } as Record<string, tf.Tensor>;
    const [dx, dScale, dOffset] = needsSecondDerivative()
      ? gradientsComposite(
          dy as tf.Tensor,
          x as tf.Tensor,
          scale as tf.Tensor,
          offset as tf.Tensor,
          attrs['epsilon'] as number,
          attrs['slope'] as number,
        )
      : (tf.engine().runKernel(BACKWARD, named, attrs) as unknown as tf.Tensor[]);
    return { x: () => dx as tf.Tensor, scale: () => dScale as tf.Tensor, offset: () => dOffset as tf.Tensor };
  },
};
