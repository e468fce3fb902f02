import { checkChoice, checkOptions, type Penalty } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { type ConditionalPenaltyOptions, checkPenalty, penaltyNames } from './penalty-options.ts';

/** Options of {@link reconstruction}. */
export interface ReconstructionOptions extends ConditionalPenaltyOptions {
  /** `l1` (the default, mean absolute difference) or `l2`, mean squared difference. */
  readonly norm?: 'l1' | 'l2' | undefined;
}

/**
 * The generator's sample is to be the real sample that its condition belongs to: w mean |x - G(z, c)|, w = 100. Meaningful where
 * generated sample i is told what belongs to real sample i, as with `imageCondition`.
 *
 * Source: Isola et al. 2017 (pix2pix), equation 3.
 * @throws GanKitError `invalid-argument` for a weight below 0, `unknown-name` for another norm.
 */
export function reconstruction(options: ReconstructionOptions = {}): Penalty {
  checkOptions('reconstruction', options, { ...penaltyNames, norm: 'optional' });
  const { norm = 'l1', weight = 100, interval } = options;
  checkChoice('norm', norm, ['l1', 'l2']);
  checkPenalty('reconstruction', options);
  return {
    name: 'reconstruction',
    player: 'generator',
    weight,
    interval,
    term: ({ real, fake }) =>
      tf.tidy(() => {
        const difference = tf.sub(real, fake);
        return tf.mean<tf.Scalar>(norm === 'l1' ? tf.abs(difference) : tf.square(difference));
      }),
  };
}
