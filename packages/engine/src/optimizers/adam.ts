// Adam (Kingma and Ba 2015).
import { checkOptions, type OptionNames, type Scheduled } from '@gankit/core';
import { adamSlots, adamUpdate, checkAdamSettings } from './adam-update.ts';
import { optimizerFromRule } from './rule-optimizer.ts';
import type { AdjustableOptimizer } from './update-rule.ts';

/** Options of {@link adam}. GANs are often trained with `beta1` 0.5 (DCGAN) or 0 (WGAN-GP, R3GAN). */
export interface AdamOptions {
  /** Step size, at least 0, or a function of the training step; 0.001 when absent. */
  readonly learningRate?: Scheduled | undefined;
  /** Decay of the mean of gradients, from 0 to below 1; 0.9 when absent. With 0 no first moment is kept. */
  readonly beta1?: number | undefined;
  /** Decay of the mean of squared gradients, from 0 to below 1; 0.999 when absent. */
  readonly beta2?: number | undefined;
  /** Added to the denominator, at least 0; 1e-8 when absent. */
  readonly epsilon?: number | undefined;
  /** L2 penalty that is added to the gradient, at least 0; 0 when absent. For decoupled decay see `adamW`. */
  readonly weightDecay?: number | undefined;
  /** Divide by the greatest second moment so far (Reddi 2018); false when absent. */
  readonly amsgrad?: boolean | undefined;
}

/** The options that Adam and AdamW share. */
export const adamOptionNames: OptionNames<AdamOptions> = {
  learningRate: 'optional',
  beta1: 'optional',
  beta2: 'optional',
  epsilon: 'optional',
  weightDecay: 'optional',
  amsgrad: 'optional',
};

/**
 * Adam (Kingma and Ba 2015, Algorithm 1), equal to `torch.optim.Adam`.
 *
 * @throws GanKitError `invalid-argument` for a negative learning rate, epsilon or weight decay, or a beta outside [0, 1).
 */
export function adam(options: AdamOptions = {}): AdjustableOptimizer {
  checkOptions('adam', options, adamOptionNames);
  const {
    learningRate = 0.001,
    beta1 = 0.9,
    beta2 = 0.999,
    epsilon = 1e-8,
    weightDecay = 0,
    amsgrad = false,
  } = options;
  const settings = checkAdamSettings({
    beta1,
    beta2,
    epsilon,
    amsgrad,
    coupledDecay: weightDecay,
    decoupledDecay: 0,
  });
  const update = adamUpdate.bind(undefined, settings);
  return optimizerFromRule({ name: 'adam', slots: adamSlots(settings), update }, learningRate);
}
