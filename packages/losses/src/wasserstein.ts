// The critic's game: the difference of mean scores.
import type { AdversarialLoss } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';

/**
 * The Wasserstein loss:
 *
 * L_D = mean f - mean r, L_G = -mean f.
 *
 * A critic estimates a distance and decides nothing: only the means of both sides count, and a critic whose estimate is right may well
 * give most real samples less than the average generated one. So there is no line, and no accuracy; follow -L_D, the distance itself.
 * The critic must be held to a bounded slope: add {@link gradientPenalty}, {@link wassersteinDivergence} or {@link clipWeights}.
 * Source: Arjovsky, Chintala and Bottou 2017, equation 2 and algorithm 1.
 */
export function wasserstein(): AdversarialLoss {
  return {
    name: 'wasserstein',
    decision: 'none',
    discriminatorLoss: ({ real, fake }) =>
      tf.tidy(() => tf.sub(tf.mean<tf.Scalar>(fake.logits), tf.mean<tf.Scalar>(real.logits))),
    generatorLoss: ({ fake }) => tf.tidy(() => tf.neg(tf.mean<tf.Scalar>(fake.logits))),
  };
}
