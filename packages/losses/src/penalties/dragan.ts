// DRAGAN: a slope of 1 in the neighbourhood of the data, fakes not looked at.
import { checkOptions, meanOverRanks, type Penalty } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { distanceFromTarget } from './gradient-penalty.ts';
import { gradientLength, inputGradient } from './input-gradient.ts';
import { type PenaltyOptions, penaltyFields, penaltyOptionNames } from './penalty-options.ts';

/** How many standard deviations of the batch the neighbourhood reaches. */
const reach = 0.5;

/**
 * DRAGAN's penalty: w mean_b (|dD/dx^| - 1)^2 at x^ = x + 1/2 std(x) u, where std is that of all numbers of the real batch
 * and u is uniform in [0, 1) for each number, under the condition of the real samples; w = 10. The length is sqrt(sum g^2 + 1e-10).
 *
 * Source: Kodali et al. 2017.
 */
export function dragan(options: PenaltyOptions = {}): Penalty {
  checkOptions('dragan', options, penaltyOptionNames);
  return {
    ...penaltyFields('dragan', options, 10),
    player: 'discriminator',
    verdicts: ['logit', 'energy'],
    term: ({ real, random, discriminate, communicator }) =>
      tf.tidy(() => {
        const mean = meanOverRanks(tf.mean(real), communicator);
        const deviation = tf.sqrt(meanOverRanks(tf.mean(tf.squaredDifference(real, mean)), communicator));
        const noise = tf.mul(random.uniformTensor(real.shape), tf.mul(deviation, reach));
        const gradient = inputGradient(discriminate, tf.add(real, noise));
        return distanceFromTarget(gradientLength(gradient), 1, false);
      }),
  };
}
