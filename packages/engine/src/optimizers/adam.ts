// Adam (Kingma and Ba 2015), and the arithmetic it shares with AdamW.
import { checkNumber, type Scheduled } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { type AdjustableOptimizer, optimizerFromRule, type UpdateRule } from './update-rule.ts';

/** The state Adam keeps for each parameter. */
export type AdamSlot = 'first-moment' | 'second-moment' | 'greatest-second-moment';

/** Options of {@link adam}. GANs are often trained with `beta1` 0.5 (DCGAN) or 0 (WGAN-GP, R3GAN). */
export interface AdamOptions {
  /** Step size, at least 0, or a function of the updates made so far; 0.001 when absent. */
  readonly learningRate?: Scheduled;
  /** Decay of the mean of gradients, 0 to 1; 0.9 when absent. With 0 no first moment is kept. */
  readonly beta1?: number;
  /** Decay of the mean of squared gradients, 0 to 1; 0.999 when absent. */
  readonly beta2?: number;
  /** Added to the denominator, at least 0; 1e-8 when absent. */
  readonly epsilon?: number;
  /** L2 penalty that is added to the gradient, at least 0; 0 when absent. For decoupled decay see `adamW`. */
  readonly weightDecay?: number;
  /** Divide by the greatest second moment so far (Reddi 2018); false when absent. */
  readonly amsgrad?: boolean;
}

/** Options with every default filled in. */
export interface AdamSettings {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
  readonly amsgrad: boolean;
}

/** Fills in defaults and refuses what no Adam can accept. */
export function adamSettings(options: AdamOptions, defaultWeightDecay: number): AdamSettings {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = defaultWeightDecay, amsgrad = false } = options;
  for (const [what, beta] of [
    ['beta1', beta1],
    ['beta2', beta2],
  ] as const) {
    // At 1 the bias correction 1 - beta^t divides by zero.
    checkNumber(what, beta, 0, 1 - Number.EPSILON);
  }
  checkNumber('epsilon', epsilon, 0);
  checkNumber('weightDecay', weightDecay, 0);
  return { beta1, beta2, epsilon, weightDecay, amsgrad };
}

/** The slots that Adam with these settings keeps. */
export function adamSlots({ beta1, amsgrad }: AdamSettings): AdamSlot[] {
  const slots: AdamSlot[] = beta1 === 0 ? ['second-moment'] : ['first-moment', 'second-moment'];
  return amsgrad ? [...slots, 'greatest-second-moment'] : slots;
}

/** `decay * mean + (1 - decay) * value`. */
function movingAverage(mean: tf.Tensor, value: tf.Tensor, decay: number): tf.Tensor {
  return tf.add(tf.mul(mean, decay), tf.mul(value, 1 - decay));
}

/**
 * Adam's update without weight decay:
 * `m = b1 m + (1 - b1) g`, `v = b2 v + (1 - b2) g^2`, `value - rate m^ / (sqrt(v^) + epsilon)` with `m^ = m / (1 - b1^t)` and
 * `v^ = v / (1 - b2^t)`. The corrections are folded into two numbers, computed in float64 from the step count alone, so that
 * a restored optimiser goes on with the same bits:
 * `rate m^ / (sqrt(v^) + epsilon) = (rate c / (1 - b1^t)) m / (sqrt(v) + epsilon c)`, `c = sqrt(1 - b2^t)`.
 */
export function adamUpdate(
  settings: AdamSettings,
  update: {
    readonly value: tf.Tensor;
    readonly gradient: tf.Tensor;
    readonly slots: Readonly<Record<AdamSlot, tf.Tensor>>;
    readonly step: number;
    readonly learningRate: number;
  },
): { value: tf.Tensor; slots: Record<AdamSlot, tf.Tensor> } {
  const { beta1, beta2, epsilon, amsgrad } = settings;
  const { value, gradient, slots, step, learningRate } = update;
  const first = beta1 === 0 ? gradient : movingAverage(slots['first-moment'], gradient, beta1);
  const second = movingAverage(slots['second-moment'], tf.square(gradient), beta2);
  const greatest = amsgrad ? tf.maximum(slots['greatest-second-moment'], second) : second;
  const correction = Math.sqrt(1 - beta2 ** step);
  const rate = (learningRate * correction) / (1 - beta1 ** step);
  const denominator = tf.add(tf.sqrt(greatest), epsilon * correction);
  const change = tf.mul(tf.div(first, denominator), rate);
  return {
    value: tf.sub(value, change),
    slots: { 'first-moment': first, 'second-moment': second, 'greatest-second-moment': greatest },
  };
}

/**
 * Adam (Kingma and Ba 2015, Algorithm 1), equal to `torch.optim.Adam`.
 *
 * @throws GanKitError `invalid-argument` for a negative learning rate, epsilon or weight decay, or a beta outside [0, 1).
 */
export function adam(options: AdamOptions = {}): AdjustableOptimizer {
  const settings = adamSettings(options, 0);
  const rule: UpdateRule<AdamSlot> = {
    name: 'adam',
    slots: adamSlots(settings),
    update(parameter) {
      const { value, gradient } = parameter;
      if (settings.weightDecay === 0) return adamUpdate(settings, parameter);
      const decayed = tf.add(gradient, tf.mul(value, settings.weightDecay));
      return adamUpdate(settings, { ...parameter, gradient: decayed });
    },
  };
  return optimizerFromRule(rule, options.learningRate ?? 0.001);
}
