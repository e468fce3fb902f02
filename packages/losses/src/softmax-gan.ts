// Softmax GAN: the whole batch, real and generated, competes in one softmax.
import type { AdversarialLoss } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { realLogits } from './needs-real.ts';

/** log of the sum of exponentials over both batches: the log of the partition function. */
function logPartition(r: tf.Tensor, f: tf.Tensor): tf.Scalar {
  return tf.logSumExp(tf.concat([tf.reshape(r, [-1]), tf.reshape(f, [-1])]));
}

/**
 * Softmax GAN, with ln Z the log-sum-exp of all logits of both batches:
 *
 * L_D = ln Z - mean r (all probability on the real samples), L_G = ln Z - mean of all logits (the same for every sample).
 *
 * Only differences of outputs count, so that no single one means anything. It is read by the pairs of the same place in both batches: every
 * real sample competes with every generated one in the softmax, and the share of pairs in the right order estimates that of all pairs without bias.
 *
 * The paper's energies are our logits negated. Source: Lin 2017, equations 5 to 8.
 */
export function softmaxGan(): AdversarialLoss {
  const name = 'softmax-gan';
  return {
    name,
    decision: 'pairs',
    generatorNeeds: ['real'],
    discriminatorLoss: ({ real, fake }) =>
      tf.tidy(() => tf.sub(logPartition(real.logits, fake.logits), tf.mean<tf.Scalar>(real.logits))),
    generatorLoss: ({ fake, real }) =>
      tf.tidy(() => {
        const r = realLogits(name, real);
        const all = tf.concat([tf.reshape(r, [-1]), tf.reshape(fake.logits, [-1])]);
        return tf.sub(logPartition(r, fake.logits), tf.mean<tf.Scalar>(all));
      }),
  };
}
