// The loss that GANs are trained with by default: the generator is told to call its samples real.
import type { AdversarialLoss } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { type LabelOptions, makeLabels } from './labels.ts';
import { logisticDiscriminatorLoss } from './logistic.ts';

/**
 * The non-saturating loss, sp = softplus:
 *
 * L_D = mean sp(-r) + mean sp(f), L_G = mean sp(-f) = -mean log D(G(z)).
 *
 * Source: Goodfellow et al. 2014, section 3.
 */
export function nonSaturating(options: LabelOptions = {}): AdversarialLoss {
  const labels = makeLabels(options);
  return {
    name: 'non-saturating',
    generatorNeedsReal: false,
    discriminatorLoss: logisticDiscriminatorLoss(labels),
    generatorLoss: ({ fake }) => tf.tidy(() => tf.mean(tf.softplus(tf.neg(fake.logits)))),
    ...labels.state,
  };
}
