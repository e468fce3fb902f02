// Max-GP: only the steepest place counts.
import { checkOptions, gatherRows, type Penalty } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { squaredInputGradient } from './input-gradient.ts';
import { interpolate } from './interpolate.ts';
import { type PenaltyOptions, penaltyFields, penaltyOptionNames } from './penalty-options.ts';

/**
 * Maximum gradient penalty: w max_b sum |dD/dx^|^2 at x^ = x + u (G(z) - x), one u per sample, under the condition of the real
 * samples ({@link interpolate} says why); w = 1.
 *
 * Bounds the Lipschitz constant itself instead of drawing every slope to a number; fits any loss.
 * Source: Zhou et al. 2019 (Lipschitz GANs).
 */
export function maximumGradientPenalty(options: PenaltyOptions = {}): Penalty {
  checkOptions('maximumGradientPenalty', options, penaltyOptionNames);
  return {
    ...penaltyFields('maximum-gradient-penalty', options, 1),
    player: 'discriminator',
    verdicts: ['logit', 'energy'],
    term: (context) =>
      tf.tidy(() => {
        const squares = squaredInputGradient(context.discriminate, interpolate(context));
        return tf.max<tf.Scalar>(gatherRows(squares, context.communicator));
      }),
  };
}
