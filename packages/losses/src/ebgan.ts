// EBGAN: the discriminator is an energy, low on data and pushed up to a margin on fakes.
import { type AdversarialLoss, checkNumber } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';

/** Options of {@link ebgan}. */
export interface EbganOptions {
  /** m, the energy up to which fakes are pushed: more than 0, 10 when absent. In the units of the reconstruction error. */
  readonly margin?: number;
}

/**
 * The energy-based loss; the logits are energies (reconstruction errors of an autoencoding discriminator), at least 0:
 *
 * L_D = mean r + mean relu(m - f), L_G = mean f.
 *
 * Add {@link pullingAway} to spread the samples. Source: Zhao, Mathieu and LeCun 2017, equations 1 and 2.
 */
export function ebgan(options: EbganOptions = {}): AdversarialLoss {
  const { margin = 10 } = options;
  checkNumber('margin', margin, Number.MIN_VALUE);
  return {
    name: 'ebgan',
    generatorNeedsReal: false,
    logits: 'energy',
    discriminatorLoss: ({ real, fake }) =>
      tf.tidy(() => tf.add(tf.mean<tf.Scalar>(real.logits), tf.mean<tf.Scalar>(tf.relu(tf.sub(margin, fake.logits))))),
    generatorLoss: ({ fake }) => tf.tidy(() => tf.mean<tf.Scalar>(fake.logits)),
  };
}
