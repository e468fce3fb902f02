// Dual contrastive loss: pick the one real sample among the fakes, and the one fake among the real samples.
import type { AdversarialLoss } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { realLogits } from './needs-real.ts';

/** Options of {@link dualContrastive}. */
export interface DualContrastiveOptions {
  /** `swapped` (default): the generator plays the same game with the roles exchanged. `minimax`: L_G = -L_D, as printed. */
  readonly generatorObjective?: 'swapped' | 'minimax';
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
 * Source: Yu et al. 2021, equations 3 and 4.
 */
export function dualContrastive(options: DualContrastiveOptions = {}): AdversarialLoss {
  const name = 'dual-contrastive';
  const swapped = (options.generatorObjective ?? 'swapped') === 'swapped';
  return {
    name,
    generatorNeedsReal: true,
    discriminatorLoss: ({ real, fake }) => contrast(real.logits, fake.logits),
    generatorLoss: ({ fake, real }) => {
      const r = realLogits(name, real);
      return swapped ? contrast(fake.logits, r) : tf.tidy(() => tf.neg(contrast(r, fake.logits)));
    },
  };
}
