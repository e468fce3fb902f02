// The loss that GANs are trained with by default: the generator is told to call its samples real.
import { type AdversarialLoss, checkOptions } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { type LabelOptions, labelOptionNames, makeLabels } from './labels.ts';
import { logisticDecision, logisticDiscriminatorLoss } from './logistic.ts';

/**
 * The non-saturating loss, sp = softplus:
 *
 * L_D = mean sp(-r) + mean sp(f), L_G = mean sp(-f) = -mean log D(G(z)).
 *
 * Source: Goodfellow et al. 2014, section 3.
 *
 * @throws GanKitError `invalid-argument` for numbers outside 0 to 1, or flipping without a random stream; `unknown-name` for a
 *   smoothing that does not exist.
 */
export function nonSaturating(options: LabelOptions = {}): AdversarialLoss {
  checkOptions('nonSaturating', options, labelOptionNames);
  const labels = makeLabels(options);
  return {
    name: 'non-saturating',
    decision: logisticDecision(labels),
    probabilities: true,
    discriminatorLoss: logisticDiscriminatorLoss(labels),
    generatorLoss: ({ fake }) => tf.tidy(() => tf.mean(tf.softplus(tf.neg(fake.logits)))),
    ...labels.state,
  };
}
