// WGAN-GP: the discriminator's slope is held at 1 between the data and the fakes.
import { checkNumber, checkOptions, type Penalty } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { gradientLength, inputGradient } from './input-gradient.ts';
import { interpolate } from './interpolate.ts';
import { type PenaltyOptions, penaltyFields, penaltyOptionNames } from './penalty-options.ts';

/** Options of {@link gradientPenalty}. */
export interface GradientPenaltyOptions extends PenaltyOptions {
  /** The length that each gradient is drawn to: more than 0, 1 when absent (Progressive GAN used 750). */
  readonly target?: number | undefined;
  /** Whether only lengths above the target are penalised (Petzka 2018); false when absent. */
  readonly oneSided?: boolean | undefined;
}

/** mean_b (length/target - 1)^2, or of its positive part only. */
export function distanceFromTarget(lengths: tf.Tensor1D, target: number, oneSided: boolean): tf.Scalar {
  const excess = tf.sub(tf.div(lengths, target), 1);
  return tf.mean(tf.square(oneSided ? tf.relu(excess) : excess));
}

/**
 * Gradient penalty, with x^ = x + u (G(z) - x), one u per sample, uniform in [0, 1):
 *
 * w mean_b (sqrt(sum |dD/dx^|^2 + 1e-10) / target - 1)^2, w = 10.
 *
 * The points are judged under the condition of the real samples: {@link interpolate} says why, and what to mind when fakes are told
 * something else. Works with any loss, not the Wasserstein one only; leave batch normalisation out of the discriminator.
 * Source: Gulrajani et al. 2017, equation 3; the target as in Karras et al. 2018, appendix A.
 */
export function gradientPenalty(options: GradientPenaltyOptions = {}): Penalty {
  checkOptions('gradientPenalty', options, { ...penaltyOptionNames, target: 'optional', oneSided: 'optional' });
  const { target = 1, oneSided = false } = options;
  checkNumber('target', target, Number.MIN_VALUE);
  return {
    ...penaltyFields('gradient-penalty', options, 10),
    player: 'discriminator',
    verdicts: ['logit', 'energy'],
    term: (context) =>
      tf.tidy(() => {
        const lengths = gradientLength(inputGradient(context.discriminate, interpolate(context)));
        return distanceFromTarget(lengths, target, oneSided);
      }),
  };
}
