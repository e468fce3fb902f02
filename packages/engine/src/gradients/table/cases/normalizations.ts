/** Batch, layer, instance and group normalisation, pixel norm. */
import * as tf from '@tensorflow/tfjs';
import { type GradientCase, gradientCase, input, type Range } from '../gradient-case.ts';
import { type Array64, map, mean, reduce, reshape, variance, zip } from '../reference/array64.ts';

const epsilon = 1e-3;

/** `(x - centre) / sqrt(spread + epsilon)` */
function normalized(x: Array64, centre: Array64, spread: Array64): Array64 {
  const inverse = map(spread, (value) => 1 / Math.sqrt(value + epsilon));
  return zip(
    zip(x, centre, (a, b) => a - b),
    inverse,
    (a, b) => a * b,
  );
}

const times = (a: Array64, b: Array64 | undefined) => (b === undefined ? a : zip(a, b, (x, y) => x * y));
const plus = (a: Array64, b: Array64 | undefined) => (b === undefined ? a : zip(a, b, (x, y) => x + y));

/** x, mean, a positive variance, and then whichever of scale and offset there are. */
function batchNorm(variant: string, shape: readonly number[], withScale: boolean, withOffset: boolean): GradientCase {
  const channels = [shape[shape.length - 1]!];
  const positive: Range = { low: 0.4, high: 1.8 };
  const split = (xs: (tf.Tensor | Array64)[]) => {
    const rest = xs.slice(3);
    return { scale: withScale ? rest.shift() : undefined, offset: withOffset ? rest.shift() : undefined };
  };
  return {
    op: 'batchNorm',
    variant,
    inputs: [
      input(shape, 0),
      input(channels, 1),
      input(channels, 2, positive),
      ...(withScale ? [input(channels, 3)] : []),
      ...(withOffset ? [input(channels, 4)] : []),
    ],
    tensor: (...xs) => {
      const { scale, offset } = split(xs) as { scale?: tf.Tensor1D | undefined; offset?: tf.Tensor1D | undefined };
      return tf.batchNorm(xs[0]!, xs[1] as tf.Tensor1D, xs[2] as tf.Tensor1D, offset, scale, epsilon);
    },
    reference: (...xs) => {
      const { scale, offset } = split(xs) as { scale?: Array64 | undefined; offset?: Array64 | undefined };
      return plus(times(normalized(xs[0]!, xs[1]!, xs[2]!), scale), offset);
    },
  };
}

function byMoments(x: Array64, axes: readonly number[]): Array64 {
  return normalized(x, reduce(x, axes, mean), reduce(x, axes, variance));
}

function byTensorMoments(x: tf.Tensor, axes: number[]): tf.Tensor {
  const { mean: centre, variance: spread } = tf.moments(x, axes, true);
  return tf.mul(tf.sub(x, centre), tf.rsqrt(tf.add(spread, epsilon)));
}

/** The output of a fresh layer in training; its weights are disposed, for the case has no further use for them. */
function applyOnce(layer: tf.layers.Layer, x: tf.Tensor): tf.Tensor {
  const y = layer.apply(x, { training: true }) as tf.Tensor;
  layer.dispose();
  return y;
}

/** tf.layers.batchNormalization in training. Its moments come from the batch, so x is the only input. */
function layer(variant: string, scale: boolean, center: boolean): GradientCase {
  return gradientCase(
    'layers.batchNormalization',
    variant,
    [[4, 2, 2, 3]],
    (x) => applyOnce(tf.layers.batchNormalization({ scale, center, epsilon }), x!),
    (x) => byMoments(x!, [0, 1, 2]),
  );
}

export const normalizationCases: readonly GradientCase[] = [
  batchNorm('scale and offset', [2, 2, 2, 3], true, true),
  batchNorm('no scale', [2, 2, 2, 3], false, true),
  batchNorm('no offset', [2, 2, 2, 3], true, false),
  batchNorm('neither', [2, 2, 2, 3], false, false),
  batchNorm('rank 2', [4, 3], true, true),
  gradientCase(
    'batchNorm',
    'moments of the batch',
    [[5, 3], [3]],
    (x, scale) => {
      const { mean: centre, variance: spread } = tf.moments(x!, 0);
      return tf.batchNorm(x!, centre as tf.Tensor1D, spread as tf.Tensor1D, undefined, scale as tf.Tensor1D, epsilon);
    },
    (x, scale) => times(byMoments(x!, [0]), scale),
  ),
  layer('training', true, true),
  layer('training, scale: false', false, true),
  layer('training, center: false', true, false),
  gradientCase(
    'layers.layerNormalization',
    '',
    [[3, 4]],
    (x) => applyOnce(tf.layers.layerNormalization({ epsilon }), x!),
    (x) => byMoments(x!, [1]),
  ),
  gradientCase(
    'instance norm of moments',
    '',
    [[2, 3, 3, 2]],
    (x) => byTensorMoments(x!, [1, 2]),
    (x) => byMoments(x!, [1, 2]),
  ),
  gradientCase(
    'group norm of moments',
    '2 groups',
    [[2, 2, 2, 4]],
    (x) => tf.reshape(byTensorMoments(tf.reshape(x!, [2, 4, 2, 2]), [1, 3]), [2, 2, 2, 4]),
    (x) => reshape(byMoments(reshape(x!, [2, 4, 2, 2]), [1, 3]), [2, 2, 2, 4]),
  ),
];
