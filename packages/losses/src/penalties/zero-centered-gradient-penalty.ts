// 0-GP: slopes are drawn to 0 between the data and the fakes.
import { checkOptions, type Penalty } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { squaredInputGradient } from './input-gradient.ts';
import { interpolate } from './interpolate.ts';
import { type PenaltyOptions, penaltyFields, penaltyOptionNames } from './penalty-options.ts';

/**
 * Zero-centred gradient penalty: w mean_b sum |dD/dx^|^2 at x^ = x + u (G(z) - x), one u per sample, under the condition of the
 * real samples ({@link interpolate} says why); w = 10.
 *
 * Source: Thanh-Tung, Tran and Venkatesh 2019.
 */
export function zeroCenteredGradientPenalty(options: PenaltyOptions = {}): Penalty {
  checkOptions('zeroCenteredGradientPenalty', options, penaltyOptionNames);
  return {
    ...penaltyFields('zero-centered-gradient-penalty', options, 10),
    player: 'discriminator',
    verdicts: ['logit', 'energy'],
    term: (context) =>
      tf.tidy(() => tf.mean<tf.Scalar>(squaredInputGradient(context.discriminate, interpolate(context)))),
  };
}
