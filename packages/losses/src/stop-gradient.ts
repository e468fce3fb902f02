// TensorFlow.js has no stop_gradient.
import * as tf from '@tensorflow/tfjs';

/** The same values, as a constant to every gradient. The caller owns the copy. */
export function stopGradient<T extends tf.Tensor>(tensor: T): T {
  const constant = tf.customGrad((x) => {
    const input = x as tf.Tensor;
    return { value: tf.clone(input), gradFunc: () => tf.zerosLike(input) };
  });
  return constant(tensor) as T;
}
