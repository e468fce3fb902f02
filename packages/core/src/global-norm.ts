// The Euclidean norm of many tensors together, for gradients of any size: squares of 32-bit floats overflow from 1.8e19 on and vanish
// below 1e-23, so everything is divided by the largest magnitude first.
import * as tf from '@tensorflow/tfjs';
import type { ParameterGradient } from './optimizer.ts';

/** The largest finite 32-bit float. */
const largestFloat = 3.4028234663852886e38;

/** A norm as `scale * ratio`: the largest magnitude, and the norm in units of it (from 1 to the root of the number of elements). */
export interface ScaledNorm {
  /** The largest magnitude; 1 where all elements are zero or one of them is not finite. */
  readonly scale: tf.Scalar;
  readonly ratio: tf.Scalar;
}

/** {@link globalNorm} in two factors, neither of which overflows. Call it inside a `tf.tidy`. */
export function scaledNorm(tensors: readonly tf.Tensor[]): ScaledNorm {
  const filled = tensors.filter(({ size }) => size > 0);
  if (filled.length === 0) return { scale: tf.scalar(1), ratio: tf.scalar(0) };
  const largest = tf.max(tf.stack(filled.map((tensor) => tf.max(tf.abs(tensor)))));
  const usable = tf.logicalAnd(tf.greater(largest, 0), tf.lessEqual(largest, largestFloat));
  const scale = tf.where(usable, largest, 1) as tf.Scalar;
  const squares = filled.map((tensor) => tf.sum(tf.square(tf.div(tensor, scale))));
  return { scale, ratio: tf.sqrt(tf.addN(squares)) as tf.Scalar };
}

/**
 * The norm of all gradients (or other tensors) together, `sqrt(sum of squares)`, without overflow or underflow on the way: 0 for
 * zeros, infinite only when the norm itself is above 3.4e38 or an element is infinite. It is computed on the backend and never
 * read. It is not meant to be differentiated.
 *
 * @param gradients They stay with the caller; 0 for an empty list or for empty tensors.
 * @returns A scalar that the caller owns.
 */
export function globalNorm(gradients: readonly (tf.Tensor | ParameterGradient)[]): tf.Scalar {
  return tf.tidy(() => {
    const tensors = gradients.map((each) => ('gradient' in each ? each.gradient : each));
    const { scale, ratio } = scaledNorm(tensors);
    return tf.mul(scale, ratio);
  });
}
