// EBGAN: the discriminator is an energy, low on data and pushed up to a margin on fakes.
import { type AdversarialLoss, checkNumber, checkOptions } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';

/** Options of {@link ebgan}. */
export interface EbganOptions {
  /** m, the energy up to which fakes are pushed: more than 0, 10 when absent. In the units of the reconstruction error. */
  readonly margin?: number | undefined;
}

/**
 * The energy-based loss; the logits are energies (reconstruction errors of an autoencoding discriminator), at least 0:
 *
 * L_D = mean r + mean relu(m - f), L_G = mean f.
 *
 * Energies are compared with each other and with the margin; no energy is the line between real and generated. Add {@link pullingAway}
 * to spread the samples. Source: Zhao, Mathieu and LeCun 2017, equations 1 and 2.
 *
 * @throws GanKitError `invalid-argument` when the margin is not above 0.
 */
export function ebgan(options: EbganOptions = {}): AdversarialLoss {
  checkOptions('ebgan', options, { margin: 'optional' });
  const { margin = 10 } = options;
  checkNumber('margin', margin, Number.MIN_VALUE);
  return {
    name: 'ebgan',
    verdict: 'energy',
    decision: 'none',
    discriminatorLoss: ({ real, fake }) =>
      tf.tidy(() => tf.add(tf.mean<tf.Scalar>(real.logits), tf.mean<tf.Scalar>(tf.relu(tf.sub(margin, fake.logits))))),
    generatorLoss: ({ fake }) => tf.tidy(() => tf.mean<tf.Scalar>(fake.logits)),
  };
}
