// The hinge loss: samples that are judged right by a margin teach nothing more.
import type { AdversarialLoss } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';

/**
 * The hinge loss:
 *
 * L_D = mean relu(1 - r) + mean relu(1 + f), L_G = -mean f.
 *
 * Real samples belong above 0, but the outputs are margins and no log-odds. The usual companion of spectral normalisation. Source: Lim and Ye 2017; Miyato et al. 2018, equations 16 and 17.
 */
export function hinge(): AdversarialLoss {
  return {
    name: 'hinge',
    decision: { threshold: 0 },
    discriminatorLoss: ({ real, fake }) =>
      tf.tidy(() =>
        tf.add(
          tf.mean<tf.Scalar>(tf.relu(tf.sub(1, real.logits))),
          tf.mean<tf.Scalar>(tf.relu(tf.add(1, fake.logits))),
        ),
      ),
    generatorLoss: ({ fake }) => tf.tidy(() => tf.neg(tf.mean<tf.Scalar>(fake.logits))),
  };
}
