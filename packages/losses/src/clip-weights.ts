// The Lipschitz constraint of the first Wasserstein GAN.
import { type Constraint, checkChoice, checkNumber, checkOptions, type Player } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';

/** Options of {@link clipWeights}. */
export interface ClipWeightsOptions {
  /** c: every weight is clipped to [-c, c]; more than 0, 0.01 when absent. */
  readonly limit?: number | undefined;
  /** Whose weights are clipped; `discriminator` when absent. */
  readonly player?: Player | undefined;
}

/**
 * Weight clipping: after each update of its player every trainable weight is clipped to [-c, c].
 *
 * Goes with {@link wasserstein}. A gradient penalty is nearly always better; this is here to be compared with it.
 * Source: Arjovsky, Chintala and Bottou 2017, algorithm 1.
 *
 * @throws GanKitError `invalid-argument` when the limit is not above 0, `unknown-name` for a player that does not exist.
 */
export function clipWeights(options: ClipWeightsOptions = {}): Constraint {
  checkOptions('clipWeights', options, { limit: 'optional', player: 'optional' });
  const { limit = 0.01, player = 'discriminator' } = options;
  checkNumber('limit', limit, Number.MIN_VALUE);
  checkChoice('player', player, ['discriminator', 'generator']);
  return {
    name: 'weight-clipping',
    player,
    apply: (variables) =>
      tf.tidy(() => {
        for (const { variable, trainable } of variables) {
          if (trainable) variable.assign(tf.clipByValue(variable, -limit, limit));
        }
      }),
  };
}
