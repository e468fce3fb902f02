// RMSProp (Tieleman and Hinton 2012).
import { checkNumber, checkOptions, type Scheduled } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { optimizerFromRule } from './rule-optimizer.ts';
import type { AdjustableOptimizer, UpdateRule } from './update-rule.ts';

/** Options of {@link rmsProp}. */
export interface RmsPropOptions {
  /** Step size, at least 0, or a function of the training step; 0.01 when absent. WGAN uses 0.00005. */
  readonly learningRate?: Scheduled | undefined;
  /** Decay of the mean of squared gradients, 0 to 1; 0.99 when absent. */
  readonly decay?: number | undefined;
  /** Added to the denominator, at least 0; 1e-8 when absent. */
  readonly epsilon?: number | undefined;
  /** Decay of the velocity, at least 0; 0 when absent, which keeps no velocity. */
  readonly momentum?: number | undefined;
  /** Divide by the estimated variance instead of the raw second moment; false when absent. */
  readonly centered?: boolean | undefined;
  /** L2 penalty that is added to the gradient, at least 0; 0 when absent. */
  readonly weightDecay?: number | undefined;
}

type RmsPropSlot = 'second-moment' | 'first-moment' | 'velocity';

/**
 * RMSProp, equal to `torch.optim.RMSprop`: `v = decay v + (1 - decay) g^2`, `value - rate g / (sqrt(v) + epsilon)`. The epsilon
 * stands outside the root; `tf.train.rmsprop` has it inside.
 *
 * @throws GanKitError `invalid-argument` for a negative number or a decay above 1.
 */
export function rmsProp(options: RmsPropOptions = {}): AdjustableOptimizer {
  checkOptions('rmsProp', options, {
    learningRate: 'optional',
    decay: 'optional',
    epsilon: 'optional',
    momentum: 'optional',
    centered: 'optional',
    weightDecay: 'optional',
  });
  const {
    learningRate = 0.01,
    decay = 0.99,
    epsilon = 1e-8,
    momentum = 0,
    centered = false,
    weightDecay = 0,
  } = options;
  checkNumber('decay', decay, 0, 1);
  checkNumber('epsilon', epsilon, 0);
  checkNumber('momentum', momentum, 0);
  checkNumber('weightDecay', weightDecay, 0);
  const slots: RmsPropSlot[] = ['second-moment'];
  if (centered) slots.push('first-moment');
  if (momentum > 0) slots.push('velocity');
  const average = (mean: tf.Tensor, value: tf.Tensor) => tf.add(tf.mul(mean, decay), tf.mul(value, 1 - decay));
  const rule: UpdateRule<RmsPropSlot> = {
    name: 'rmsprop',
    slots,
    update(parameter) {
      const { value, learningRate: rate } = parameter;
      const gradient = weightDecay === 0 ? parameter.gradient : tf.add(parameter.gradient, tf.mul(value, weightDecay));
      const after = { ...parameter.slots };
      after['second-moment'] = average(parameter.slots['second-moment'], tf.square(gradient));
      let spread = after['second-moment'];
      if (centered) {
        after['first-moment'] = average(parameter.slots['first-moment'], gradient);
        // Never negative but for rounding, of which the root would make NaN.
        spread = tf.relu(tf.sub(spread, tf.square(after['first-moment'])));
      }
      let direction = tf.div(gradient, tf.add(tf.sqrt(spread), epsilon));
      if (momentum > 0) {
        direction = tf.add(tf.mul(parameter.slots.velocity, momentum), direction);
        after.velocity = direction;
      }
      return { value: tf.sub(value, tf.mul(direction, rate)), slots: after };
    },
  };
  return optimizerFromRule(rule, learningRate);
}
