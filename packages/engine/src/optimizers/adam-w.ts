// Adam with decoupled weight decay.
import * as tf from '@tensorflow/tfjs';
import { type AdamOptions, type AdamSlot, adamSettings, adamSlots, adamUpdate } from './adam.ts';
import { type AdjustableOptimizer, optimizerFromRule, type UpdateRule } from './update-rule.ts';

/** Options of {@link adamW}: those of `adam`, but `weightDecay` shrinks the parameter itself and is 0.01 when absent. */
export type AdamWOptions = AdamOptions;

/**
 * AdamW (Loshchilov and Hutter 2019, Algorithm 2), equal to `torch.optim.AdamW`: before Adam's update every parameter is
 * multiplied by `1 - learningRate * weightDecay`.
 *
 * @throws GanKitError `invalid-argument` for a negative learning rate, epsilon or weight decay, or a beta outside [0, 1).
 */
export function adamW(options: AdamWOptions = {}): AdjustableOptimizer {
  const settings = adamSettings(options, 0.01);
  const rule: UpdateRule<AdamSlot> = {
    name: 'adamw',
    slots: adamSlots(settings),
    update(parameter) {
      if (settings.weightDecay === 0) return adamUpdate(settings, parameter);
      const shrunk = tf.mul(parameter.value, 1 - parameter.learningRate * settings.weightDecay);
      return adamUpdate(settings, { ...parameter, value: shrunk });
    },
  };
  return optimizerFromRule(rule, options.learningRate ?? 0.001);
}
