// 0-GP: slopes are drawn to 0 between the data and the fakes.
import type { Penalty } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { interpolate, squaredInputGradient } from './input-gradient.ts';
import { type PenaltyOptions, penaltyFields } from './penalty-options.ts';

/**
 * Zero-centred gradient penalty: w mean_b sum |dD/dx^|^2 at x^ = x + u (G(z) - x), one u per sample; w = 10.
 *
 * Source: Thanh-Tung, Tran and Venkatesh 2019.
 */
export function zeroCenteredGradientPenalty(options: PenaltyOptions = {}): Penalty {
  return {
    ...penaltyFields('zero-centered-gradient-penalty', options, 10),
    player: 'discriminator',
    logits: 'one-unit',
    term: (context) =>
      tf.tidy(() => tf.mean<tf.Scalar>(squaredInputGradient(context.discriminate, interpolate(context)))),
  };
}
