/**
 * Gradients of tfjs's own operations in fewer passes over memory, so that unchanged tf.layers code trains fast: batch normalisation with
 * given moments, means and sums. Used on this backend only, and not when they may be differentiated again: then those that were
 * registered before, in plain operations, do it.
 */

import * as tf from '@tensorflow/tfjs';
import { input, isFloat, type KernelCall, type NativeKernel, sizeOf } from '../kernels/native-kernel.ts';
import { kernelInRanges } from '../kernels/ranges.ts';
import { hasKernel, needsSecondDerivative } from './activation.ts';
import { sumsOfGradient } from './batch-norm-activation.ts';

const BATCH_NORM = 'FusedBatchNormGrad';

type Gradients = Record<string, () => tf.Tensor>;
type GradientFunction = (dy: tf.Tensor, saved: tf.Tensor[], attrs: tf.NamedAttrMap) => Gradients | undefined;

/** The gradients by x, mean, variance, scale and offset. */
function batchNormGradient(call: KernelCall): tf.TensorInfo[] {
  const { backend, attrs } = call;
  const [dy, x, mean, variance, scale] = ['dy', 'x', 'mean', 'variance', 'scale'].map((name) => input(call, name)) as [
    tf.TensorInfo,
    tf.TensorInfo,
    tf.TensorInfo,
    tf.TensorInfo,
    tf.TensorInfo,
  ];
  const channels = x.shape[x.shape.length - 1] as number;
  const rows = sizeOf(x.shape) / channels;
  const dx = backend.reserve(x.shape, 'float32');
  const perChannel = Array.from({ length: 4 }, () => backend.reserve([channels], 'float32'));
  const [dMean, dVariance, dScale, dOffset] = perChannel.map((info) => backend.pointer(info)) as [
    number,
    number,
    number,
    number,
  ];
  const epsilon = attrs['varianceEpsilon'] as number;
  const [gradient, image, means, variances, result] = [dy, x, mean, variance, dx].map((info) =>
    backend.pointer(info),
  ) as [number, number, number, number, number];
  backend.scratch(8 * channels, 'factors of a batch normalisation', (factor) => {
    const inverse = factor + 4 * channels;
    backend.kernel('normalization_factor')(backend.pointer(scale), variances, factor, channels, epsilon);
    backend.kernel('normalization_factor')(0, variances, inverse, channels, epsilon);
    // Without an activation factor and offset have no part in the sums.
    sumsOfGradient(backend, [image, gradient, means, factor, factor, dOffset, dScale], rows, channels, 1);
    backend.kernel('given_moments_gradient')(dOffset, dScale, factor, inverse, dMean, dVariance, channels);
    kernelInRanges(backend, 'scale_rows', { total: rows, elements: 2 * rows * channels }, ({ first, count }) => {
      const skip = 4 * first * channels;
      return [gradient + skip, factor, result + skip, count, channels];
    });
  });
  return [dx, ...perChannel];
}

/** The kernel for the registry. */
export const batchNormGradientKernel: NativeKernel = { name: BATCH_NORM, run: batchNormGradient };

const ofBatchNorm: GradientFunction = (dy, [x, mean, variance, scale], attrs) => {
  if (!x || !mean || !variance || !scale || dy.size === 0) return undefined;
  const perChannel = [mean, variance, scale];
  if (!isFloat(dy, x, ...perChannel)) return undefined;
  if (perChannel.some(({ rank, size }) => rank !== 1 || size !== x.shape[x.rank - 1])) return undefined;
  const inputs = { dy, x, mean, variance, scale };
  const results = tf.engine().runKernel(BATCH_NORM, inputs, attrs) as unknown as tf.Tensor[];
  const names = ['x', 'mean', 'variance', 'scale', 'offset'];
  return Object.fromEntries(names.map((name, index) => [name, () => results[index] as tf.Tensor]));
};

/** The same number for all that was added up, or a part of it. */
const ofReduction =
  (isMean: boolean): GradientFunction =>
  (dy, [x], attrs) => {
    if (x === undefined || !isFloat(dy, x) || x.size === 0) return undefined;
    const axes = tf.util.parseAxisParam(attrs['axis'] as number[], x.shape);
    const kept = x.shape.map((length, axis) => (axes.includes(axis) ? 1 : length));
    return {
      x: () => {
        const part = isMean ? tf.div(dy, x.size / dy.size) : dy;
        return tf.broadcastTo(tf.reshape(part, kept), x.shape);
      },
    };
  };

const faster: Record<string, GradientFunction> = {
  FusedBatchNorm: ofBatchNorm,
  Mean: ofReduction(true),
  Sum: ofReduction(false),
};

/** Puts them before the gradients that are registered now. */
export function registerFasterGradients(): void {
  for (const [kernelName, gradient] of Object.entries(faster)) {
    const plain = tf.getGradient(kernelName);
    tf.registerGradient({
      ...plain,
      gradFunc: (dy, saved, attrs) => {
        const own =
          hasKernel(BATCH_NORM) && !needsSecondDerivative() ? gradient(dy as tf.Tensor, saved, attrs) : undefined;
        return own ?? plain.gradFunc(dy, saved, attrs);
      },
    });
  }
}
