// RpGAN: is this real sample more real than that generated one? The loss of R3GAN.
import { type AdversarialLoss, checkSameShape } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { realLogits } from './needs-real.ts';

/** mean sp(-(a - b)) over pairs of the same index. */
function above(a: tf.Tensor, b: tf.Tensor): tf.Scalar {
  checkSameShape("relativistic-pairing's first batch of logits", a.shape, 'the second', b.shape);
  return tf.tidy(() => tf.mean(tf.softplus(tf.sub(b, a))));
}

/**
 * The relativistic pairing loss, sp = softplus, sample i of one batch against sample i of the other:
 *
 * L_D = mean sp(-(r - f)), L_G = mean sp(-(f - r)).
 *
 * Its landscape has no bad basins that drop modes, but it converges only with {@link r1} and {@link r2}.
 * Source: Jolicoeur-Martineau 2018; Huang et al. 2024 (R3GAN), equation 2.
 *
 * @throws GanKitError `incompatible`, from the losses, when the two batches differ in size.
 */
export function relativisticPairing(): AdversarialLoss {
  const name = 'relativistic-pairing';
  return {
    name,
    decision: 'pairs',
    generatorNeeds: ['real'],
    discriminatorLoss: ({ real, fake }) => above(real.logits, fake.logits),
    generatorLoss: ({ fake, real }) => above(fake.logits, realLogits(name, real)),
  };
}
