// Gradient clipping by the norm of all gradients together (Pascanu 2013).
import { checkNumber, GanKitError, type Optimizer, type ParameterGradient } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { type GradientTransform, withTransformedGradients } from './transformed-gradients.ts';

// Keeps the division finite where all gradients are zero; the value of torch.nn.utils.clip_grad_norm_.
const epsilon = 1e-6;

/**
 * The norm of all gradients together: `sqrt(sum of squares)`, a scalar that stays on the backend. The caller owns it.
 */
export function globalNorm(gradients: readonly ParameterGradient[]): tf.Scalar {
  return tf.tidy(() => {
    const squares = gradients.map(({ gradient }) => tf.sum(tf.square(gradient)));
    return tf.sqrt(squares.length === 0 ? tf.scalar(0) : tf.addN(squares)) as tf.Scalar;
  });
}

/**
 * An optimiser that scales all gradients by `min(1, maximumNorm / (norm + 1e-6))` before `optimizer` sees them, like
 * `torch.nn.utils.clip_grad_norm_`: their direction stays, their common length is at most `maximumNorm`. The norm is computed
 * on the backend and never read. It has no state of its own and owns `optimizer`.
 *
 * @throws GanKitError `invalid-argument` unless the norm is a number above 0.
 */
export function clipByGlobalNorm(optimizer: Optimizer, maximumNorm: number): Optimizer {
  checkNumber('maximumNorm', maximumNorm, 0);
  if (maximumNorm === 0) {
    throw new GanKitError('invalid-argument', 'maximumNorm must be above 0, which would stop all training.');
  }
  const clip: GradientTransform = (gradients) => {
    const scale = tf.minimum(1, tf.div(maximumNorm, tf.add(globalNorm(gradients), epsilon)));
    return gradients.map((parameter) => ({ ...parameter, gradient: tf.mul(parameter.gradient, scale) }));
  };
  return withTransformedGradients(optimizer, clip);
}
