// Dual contrastive loss: pick the one real sample among the fakes, and the one fake among the real samples.
import { type AdversarialLoss, checkChoice, checkOptions } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { realLogits } from './needs-real.ts';

/** Options of {@link dualContrastive}. */
export interface DualContrastiveOptions {
  /** `swapped` (default): the generator plays the same game with the roles exchanged. `minimax`: L_G = -L_D, as printed. */
  readonly generatorObjective?: 'swapped' | 'minimax' | undefined;
}

/** mean_i CE([a_i, b_*], 0) = mean_i sp(logsumexp(b) - a_i): a_i is to be picked out of all of b. */
function pick(a: tf.Tensor, b: tf.Tensor): tf.Scalar {
  return tf.mean<tf.Scalar>(tf.softplus(tf.sub(tf.logSumExp(b), a)));
}

/** The loss of a player who wants `high` above `low`. */
function contrast(high: tf.Tensor, low: tf.Tensor): tf.Scalar {
  return tf.tidy(() => tf.add(pick(high, low), pick(tf.neg(low), tf.neg(high))));
}

/**
 * The dual contrastive loss, CE the cross-entropy of a softmax and * every sample of the batch:
 *
 * L_D = mean_i CE([r_i, f_*], 0) + mean_i CE([-f_i, -r_*], 0); L_G the same with r and f exchanged, or -L_D.
 *
 * Only differences of outputs count, so that no single one means anything. It is read by the pairs of the same place in both batches: every
 * real sample is told from every generated one, and the share of pairs in the right order estimates that of all pairs without bias.
 *
 * Source: Yu et al. 2021, equations 3 and 4.
 *
 * @throws GanKitError `unknown-name` for a generator's objective that does not exist.
 */
export function dualContrastive(options: DualContrastiveOptions = {}): AdversarialLoss {
  const name = 'dual-contrastive';
  checkOptions('dualContrastive', options, { generatorObjective: 'optional' });
  const { generatorObjective = 'swapped' } = options;
  checkChoice('generatorObjective', generatorObjective, ['swapped', 'minimax']);
  const swapped = generatorObjective === 'swapped';
  return {
    name,
    decision: 'pairs',
    generatorNeeds: ['real'],
    discriminatorLoss: ({ real, fake }) => contrast(real.logits, fake.logits),
    generatorLoss: ({ fake, real }) => {
      const r = realLogits(name, real);
      return swapped ? contrast(fake.logits, r) : tf.tidy(() => tf.neg(contrast(r, fake.logits)));
    },
  };
}
