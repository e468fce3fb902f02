// The discriminator's side of the 2014 game, shared by the minimax and the non-saturating loss.
import type { AdversarialLoss, Decision } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import type { Labels } from './labels.ts';

/**
 * Binary cross-entropy of logits with targets, in forms that neither overflow nor lose small values:
 * for a target y near 1, sp(-l) + (1 - y) l; near 0, sp(l) - y l. Both equal -y log p - (1 - y) log(1 - p).
 */
function crossEntropy(logits: tf.Tensor, target: number | tf.Tensor, near: 0 | 1): tf.Scalar {
  const clean = tf.softplus(near === 1 ? tf.neg(logits) : logits);
  if (target === near) return tf.mean(clean);
  const correction = tf.mul(logits, near === 1 ? tf.sub(1, target) : tf.neg(target));
  return tf.mean(tf.add(clean, correction));
}

/**
 * Where the line between real and generated lies for outputs whose sigmoid answers the labels: at the logit of the midpoint of both,
 * 0 without smoothing. See {@link Labels.decision}.
 */
export function logisticDecision({ decision }: Labels): Decision {
  if (typeof decision === 'string') return decision;
  const { threshold } = decision;
  return { ...decision, threshold: Math.log(threshold / (1 - threshold)) };
}

/** mean CE(r, real label) + mean CE(f, fake label); without smoothing, mean sp(-r) + mean sp(f). */
export function logisticDiscriminatorLoss(labels: Labels): AdversarialLoss['discriminatorLoss'] {
  return ({ real, fake }) =>
    tf.tidy(() =>
      tf.add(
        crossEntropy(real.logits, labels.targets('real', real.logits), 1),
        crossEntropy(fake.logits, labels.targets('fake', fake.logits), 0),
      ),
    );
}
