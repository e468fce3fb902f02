// The zero-sum game of the 2014 paper: what one player wins the other loses.
import { type AdversarialLoss, checkOptions } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { type LabelOptions, labelOptionNames, makeLabels } from './labels.ts';
import { logisticDecision, logisticDiscriminatorLoss } from './logistic.ts';

/**
 * The minimax (saturating) loss, sp = softplus:
 *
 * L_D = mean sp(-r) + mean sp(f), L_G = -mean sp(f) = mean log(1 - D(G(z))).
 *
 * Its generator gradient vanishes when the discriminator is sure of the fakes; train with {@link nonSaturating} instead
 * unless that is what you want to see. Source: Goodfellow et al. 2014, equation 1.
 *
 * @throws GanKitError `invalid-argument` for numbers outside 0 to 1, or flipping without a random stream; `unknown-name` for a
 *   smoothing that does not exist.
 */
export function minimax(options: LabelOptions = {}): AdversarialLoss {
  checkOptions('minimax', options, labelOptionNames);
  const labels = makeLabels(options);
  return {
    name: 'minimax',
    decision: logisticDecision(labels),
    probabilities: true,
    discriminatorLoss: logisticDiscriminatorLoss(labels),
    generatorLoss: ({ fake }) => tf.tidy(() => tf.neg(tf.mean<tf.Scalar>(tf.softplus(fake.logits)))),
    ...labels.state,
  };
}
