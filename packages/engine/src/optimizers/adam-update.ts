// The arithmetic that Adam and AdamW share, for one parameter: one fused kernel where the backend has it, plain operations elsewhere.
import { checkNumber } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import type { ParameterUpdate, UpdatedParameter } from './update-rule.ts';

/** The state Adam keeps for each parameter. */
export type AdamSlot = 'first-moment' | 'second-moment' | 'greatest-second-moment';

/** Options of Adam with every default filled in. */
export interface AdamSettings {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly amsgrad: boolean;
  /** L2: times the parameter, added to the gradient. */
  readonly coupledDecay: number;
  /** AdamW: times the learning rate, the share of the parameter that is taken away. */
  readonly decoupledDecay: number;
}

/** Refuses what no Adam can accept. */
export function checkAdamSettings(settings: AdamSettings): AdamSettings {
  // At 1 the bias correction 1 - beta^t divides by zero.
  checkNumber('beta1', settings.beta1, 0, 1 - Number.EPSILON);
  checkNumber('beta2', settings.beta2, 0, 1 - Number.EPSILON);
  checkNumber('epsilon', settings.epsilon, 0);
  checkNumber('weightDecay', settings.coupledDecay + settings.decoupledDecay, 0);
  return settings;
}

/** The slots that Adam with these settings keeps: without momentum there is no first moment. */
export function adamSlots({ beta1, amsgrad }: AdamSettings): AdamSlot[] {
  const slots: AdamSlot[] = beta1 === 0 ? ['second-moment'] : ['first-moment', 'second-moment'];
  return amsgrad ? [...slots, 'greatest-second-moment'] : slots;
}

/** Kernel of `@gankit/backend-onnx`: inputs value, gradient, firstMoment, secondMoment; outputs the new value and moments. */
const fusedKernel = 'AdamUpdate';

/** `decay * mean + (1 - decay) * value`. */
function movingAverage(mean: tf.Tensor, value: tf.Tensor, decay: number): tf.Tensor {
  return tf.add(tf.mul(mean, decay), tf.mul(value, 1 - decay));
}

/**
 * Adam's update: `m = b1 m + (1 - b1) g`, `v = b2 v + (1 - b2) g^2`, `value - rate m^ / (sqrt(v^) + epsilon)` with
 * `m^ = m / (1 - b1^t)` and `v^ = v / (1 - b2^t)`. The corrections are folded into two numbers, computed in float64 from the step
 * count alone, so that a restored optimiser goes on with the same bits:
 * `rate m^ / (sqrt(v^) + epsilon) = (rate c / (1 - b1^t)) m / (sqrt(v) + epsilon c)`, `c = sqrt(1 - b2^t)`.
 */
export function adamUpdate(settings: AdamSettings, parameter: ParameterUpdate<AdamSlot>): UpdatedParameter<AdamSlot> {
  const { beta1, beta2, epsilon, amsgrad, coupledDecay, decoupledDecay } = settings;
  const { value, gradient, slots, step, learningRate } = parameter;
  const correction = Math.sqrt(1 - beta2 ** step);
  const rate = (learningRate * correction) / (1 - beta1 ** step);
  const shrink = 1 - learningRate * decoupledDecay;

  const fused: tf.KernelConfig | undefined = amsgrad ? undefined : tf.getKernel(fusedKernel, tf.getBackend());
  if (fused !== undefined) {
    // With beta1 = 0 the old first moment is multiplied by 0: any tensor of the shape will do.
    const firstMoment = beta1 === 0 ? gradient : slots['first-moment'];
    const inputs = { value, gradient, firstMoment, secondMoment: slots['second-moment'] };
    // The optimiser replaces value and moments by the results, so the kernel may write over what nobody else refers to.
    const attributes = {
      beta1,
      beta2,
      rate,
      epsilon: epsilon * correction,
      decay: coupledDecay,
      shrink,
      inPlace: true,
    };
    const outputs = tf.engine().runKernel(fusedKernel, inputs, attributes) as unknown as tf.Tensor[];
    return {
      value: outputs[0]!,
      slots: { ...slots, 'first-moment': outputs[1]!, 'second-moment': outputs[2]! },
    };
  }

  const decayed = coupledDecay === 0 ? gradient : tf.add(gradient, tf.mul(value, coupledDecay));
  const first = beta1 === 0 ? decayed : movingAverage(slots['first-moment'], decayed, beta1);
  const second = movingAverage(slots['second-moment'], tf.square(decayed), beta2);
  const greatest = amsgrad ? tf.maximum(slots['greatest-second-moment'], second) : second;
  const change = tf.mul(tf.div(first, tf.add(tf.sqrt(greatest), epsilon * correction)), rate);
  return {
    value: tf.sub(shrink === 1 ? value : tf.mul(value, shrink), change),
    slots: { 'first-moment': first, 'second-moment': second, 'greatest-second-moment': greatest },
  };
}
