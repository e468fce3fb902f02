// Gradient clipping by the norm of all gradients together (Pascanu 2013).
import { checkNumber, GanKitError, type Optimizer, scaledNorm } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { type GradientTransform, withTransformedGradients } from './transformed-gradients.ts';

// Keeps the division finite where all gradients are zero; the value of torch.nn.utils.clip_grad_norm_.
const epsilon = 1e-6;

/**
 * An optimiser that scales all gradients by `min(1, maximumNorm / (norm + 1e-6))` before `optimizer` sees them, like
 * `torch.nn.utils.clip_grad_norm_`: their direction stays, their common length is at most `maximumNorm`, also when the norm is too
 * large for a 32-bit float. It is computed on the backend and never read. It has no state of its own and owns `optimizer`.
 *
 * @throws GanKitError `invalid-argument` unless the norm is a number above 0.
 */
export function clipByGlobalNorm(optimizer: Optimizer, maximumNorm: number): Optimizer & Disposable {
  checkNumber('maximumNorm', maximumNorm, 0);
  if (maximumNorm === 0) {
    throw new GanKitError('invalid-argument', 'maximumNorm must be above 0, which would stop all training.');
  }
  const clip: GradientTransform = (gradients) => {
    const { scale, ratio } = scaledNorm(gradients.map(({ gradient }) => gradient));
    const short = tf.lessEqual(tf.add(tf.mul(scale, ratio), epsilon), maximumNorm);
    // maximumNorm / (scale ratio + epsilon) in two factors: the quotient of both may be too small for a 32-bit float.
    const divisor = tf.where(short, 1, scale);
    const factor = tf.where(short, 1, tf.div(maximumNorm, tf.add(ratio, tf.div(epsilon, scale))));
    return gradients.map((parameter) => ({
      ...parameter,
      gradient: tf.mul(tf.div(parameter.gradient, divisor), factor),
    }));
  };
  return withTransformedGradients(optimizer, clip);
}
