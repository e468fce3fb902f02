// The largest singular value of a matrix, followed by one power iteration at a time (Miyato 2018, Algorithm 1).
import * as tf from '@tensorflow/tfjs';

// Keeps divisions finite for a kernel of zeros; the value PyTorch uses.
const epsilon = 1e-12;

/** The singular vectors as they are kept between steps: `u` of the length of the outputs, `v` of that of the inputs. */
export interface SingularVectors {
  readonly u: tf.Tensor1D;
  readonly v: tf.Tensor1D;
}

/** The vector at length 1. A zero vector falls back on the direction of `previous`, so that a zero matrix cannot end the iteration. */
function unit(vector: tf.Tensor, previous: tf.Tensor): tf.Tensor1D {
  const guarded = tf.add(vector, tf.mul(previous, epsilon));
  return tf.div(guarded, tf.norm(guarded)) as tf.Tensor1D;
}

const asColumn = (vector: tf.Tensor1D): tf.Tensor2D => tf.reshape(vector, [-1, 1]);

/**
 * One power iteration: `v = K u / |K u|`, `u = K^T v / |K^T v|`. With W = K^T these are the paper's and PyTorch's u and v. The caller
 * owns the vectors.
 * @param kernel float32 [inputs, outputs].
 */
export function powerIteration(kernel: tf.Tensor2D, { u, v }: SingularVectors): SingularVectors {
  const [nextU, nextV] = tf.tidy(() => {
    const inputs = unit(tf.reshape(tf.matMul(kernel, asColumn(u)), [-1]), v);
    return [unit(tf.reshape(tf.matMul(kernel, asColumn(inputs), true, false), [-1]), u), inputs];
  });
  return { u: nextU!, v: nextV! };
}

/**
 * `kernel / norm`, of a kernel and its {@link spectralNorm}; a kernel of zeros, whose norm is 0, stays one of zeros, and its gradient is
 * that of the kernel itself. Differentiable to any order once `@gankit/engine/gradients` is imported, as `@gankit/engine/layers` does.
 */
export function divideByNorm<T extends tf.Tensor>(kernel: T, norm: tf.Scalar): T {
  return tf.tidy(() => tf.div(kernel, tf.where(tf.equal(norm, 0), 1, norm)) as T);
}

/** `v^T K u`: the largest singular value, once u and v have converged. Differentiable with respect to the kernel. */
export function spectralNorm(kernel: tf.Tensor2D, { u, v }: SingularVectors): tf.Scalar {
  return tf.tidy(() => tf.sum(tf.mul(tf.reshape(tf.matMul(kernel, asColumn(u)), [-1]), v)) as tf.Scalar);
}
