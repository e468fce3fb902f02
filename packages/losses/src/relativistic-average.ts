// RaGAN: is a real sample more real than the average generated one?
import type { AdversarialLoss } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { realLogits } from './needs-real.ts';

/** mean sp(-(a - mean b)) + mean sp(b - mean a): a should be above the average b, and b below the average a. */
function above(a: tf.Tensor, b: tf.Tensor): tf.Scalar {
  return tf.tidy(() =>
    tf.add(
      tf.mean<tf.Scalar>(tf.softplus(tf.sub(tf.mean(b), a))),
      tf.mean<tf.Scalar>(tf.softplus(tf.sub(b, tf.mean(a)))),
    ),
  );
}

/**
 * The relativistic average loss, sp = softplus:
 *
 * L_D = mean sp(-(r - mean f)) + mean sp(f - mean r), L_G = mean sp(r - mean f) + mean sp(-(f - mean r)).
 *
 * Without the factor 1/2 that some code has. Source: Jolicoeur-Martineau 2018 (RaSGAN).
 */
export function relativisticAverage(): AdversarialLoss {
  const name = 'relativistic-average';
  return {
    name,
    decision: 'above-mean',
    generatorNeeds: ['real'],
    discriminatorLoss: ({ real, fake }) => above(real.logits, fake.logits),
    generatorLoss: ({ fake, real }) => above(fake.logits, realLogits(name, real)),
  };
}
