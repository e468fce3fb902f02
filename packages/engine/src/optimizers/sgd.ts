// Stochastic gradient descent, with momentum on request.
import { checkNumber, checkOptions, GanKitError, type Scheduled } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { optimizerFromRule } from './rule-optimizer.ts';
import type { AdjustableOptimizer, UpdateRule } from './update-rule.ts';

/** Options of {@link sgd}. */
export interface SgdOptions {
  /** Step size, at least 0, or a function of the training step; 0.01 when absent. */
  readonly learningRate?: Scheduled | undefined;
  /** Decay of the velocity, at least 0; 0 when absent, which keeps no velocity. */
  readonly momentum?: number | undefined;
  /** Nesterov's look-ahead; needs momentum. False when absent. */
  readonly nesterov?: boolean | undefined;
  /** L2 penalty that is added to the gradient, at least 0; 0 when absent. */
  readonly weightDecay?: number | undefined;
}

/**
 * Gradient descent, equal to `torch.optim.SGD` with dampening 0: `velocity = momentum velocity + g`, `value - rate velocity`;
 * with `nesterov`, `value - rate (g + momentum velocity)` (Sutskever 2013).
 *
 * @throws GanKitError `invalid-argument` for a negative number, or `nesterov` without momentum.
 */
export function sgd(options: SgdOptions = {}): AdjustableOptimizer {
  checkOptions('sgd', options, {
    learningRate: 'optional',
    momentum: 'optional',
    nesterov: 'optional',
    weightDecay: 'optional',
  });
  const { learningRate = 0.01, momentum = 0, nesterov = false, weightDecay = 0 } = options;
  checkNumber('momentum', momentum, 0);
  checkNumber('weightDecay', weightDecay, 0);
  if (nesterov && momentum === 0) {
    throw new GanKitError(
      'invalid-argument',
      'nesterov needs a momentum above 0, which is 0; set one or drop nesterov.',
    );
  }
  const rule: UpdateRule<'velocity'> = {
    name: 'sgd',
    slots: momentum === 0 ? [] : ['velocity'],
    update(parameter) {
      const { value, slots, learningRate: rate } = parameter;
      const gradient = weightDecay === 0 ? parameter.gradient : tf.add(parameter.gradient, tf.mul(value, weightDecay));
      if (momentum === 0) return { value: tf.sub(value, tf.mul(gradient, rate)), slots };
      const velocity = tf.add(tf.mul(slots.velocity, momentum), gradient);
      const direction = nesterov ? tf.add(gradient, tf.mul(velocity, momentum)) : velocity;
      return { value: tf.sub(value, tf.mul(direction, rate)), slots: { velocity } };
    },
  };
  return optimizerFromRule(rule, learningRate);
}
