// Gradient clipping, element by element.
import { checkNumber, GanKitError, type Optimizer } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { type GradientTransform, withTransformedGradients } from './transformed-gradients.ts';

/**
 * An optimiser that limits every element of every gradient to [-limit, limit] before `optimizer` sees it, like
 * `torch.nn.utils.clip_grad_value_`. It has no state of its own and owns `optimizer`.
 *
 * @throws GanKitError `invalid-argument` unless the limit is a number above 0.
 */
export function clipByValue(optimizer: Optimizer, limit: number): Optimizer & Disposable {
  checkNumber('limit', limit, 0);
  if (limit === 0) throw new GanKitError('invalid-argument', 'limit must be above 0, which would stop all training.');
  const clip: GradientTransform = (gradients) =>
    gradients.map((parameter) => ({ ...parameter, gradient: tf.clipByValue(parameter.gradient, -limit, limit) }));
  return withTransformedGradients(optimizer, clip);
}
