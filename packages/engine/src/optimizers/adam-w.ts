// Adam with decoupled weight decay.
import { checkOptions } from '@gankit/core';
import { type AdamOptions, adamOptionNames } from './adam.ts';
import { adamSlots, adamUpdate, checkAdamSettings } from './adam-update.ts';
import { optimizerFromRule } from './rule-optimizer.ts';
import type { AdjustableOptimizer } from './update-rule.ts';

/** Options of {@link adamW}: those of `adam`, but `weightDecay` shrinks the parameter itself and is 0.01 when absent. */
export type AdamWOptions = AdamOptions;

/**
 * AdamW (Loshchilov and Hutter 2019, Algorithm 2), equal to `torch.optim.AdamW`: before Adam's update every parameter is
 * multiplied by `1 - learningRate * weightDecay`.
 *
 * @throws GanKitError `invalid-argument` for a negative learning rate, epsilon or weight decay, or a beta outside [0, 1).
 */
export function adamW(options: AdamWOptions = {}): AdjustableOptimizer {
  checkOptions('adamW', options, adamOptionNames);
  const { learningRate = 0.001, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, amsgrad = false } = options;
  const settings = checkAdamSettings({
    beta1,
    beta2,
    epsilon,
    amsgrad,
    coupledDecay: 0,
    decoupledDecay: options.weightDecay ?? 0.01,
  });
  const update = adamUpdate.bind(undefined, settings);
  return optimizerFromRule({ name: 'adamw', slots: adamSlots(settings), update }, learningRate);
}
