// The baseline that shows why a learned loss is needed: no game at all.
import { type AdversarialLoss, GanKitError } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';

/**
 * Mean squared error between generated and real samples of the same place in their batches; the discriminator has nothing
 * to learn (its loss is 0, so is its gradient):
 *
 * L_D = 0, L_G = mean (G(z) - x)^2.
 *
 * Since pairs are random, its best answer is the mean of the data: a blur. Source: the baseline of every comparison.
 */
export function squaredError(): AdversarialLoss {
  return {
    name: 'squared-error',
    decision: 'none',
    generatorNeeds: ['samples'],
    discriminatorLoss: ({ real, fake }) =>
      tf.tidy(() => tf.mul(tf.add(tf.mean<tf.Scalar>(real.logits), tf.mean<tf.Scalar>(fake.logits)), 0)),
    generatorLoss: ({ samples }) => {
      if (samples === undefined) {
        throw new GanKitError('incompatible', 'squared-error compares samples in a generator update; give `samples`.');
      }
      return tf.tidy(() => tf.mean<tf.Scalar>(tf.square(tf.sub(samples.fake, samples.real))));
    },
  };
}
