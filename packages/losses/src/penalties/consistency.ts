// Consistency regularisation: the verdict on a sample and on its augmented copy is the same.
import type { Penalty } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { stopGradient } from '../stop-gradient.ts';
import { type Augmentation, flipAndShift, gaussianNoise } from './augmentations.ts';
import { type PenaltyOptions, penaltyFields } from './penalty-options.ts';

/** Options of {@link consistency} and {@link balancedConsistency}. */
export interface ConsistencyOptions extends PenaltyOptions {
  /** The change that must not change the verdict; when absent, flips and shifts for images, noise for other data. */
  readonly augment?: Augmentation;
}

const isImage = (samples: tf.Tensor) => samples.rank === 4;

/** mean (a - b)^2 over every logit. */
export function meanSquaredDifference(a: tf.Tensor, b: tf.Tensor): tf.Scalar {
  return tf.mean(tf.square(tf.sub(a, b)));
}

const automatic: Augmentation = (samples, random) =>
  (isImage(samples) ? flipAndShift() : gaussianNoise())(samples, random);

/**
 * Consistency regularisation (CR): w mean (D(x) - D(T(x)))^2 on real samples, w = 10.
 *
 * Source: Zhang et al. 2020, on the discriminator's final output.
 */
export function consistency(options: ConsistencyOptions = {}): Penalty {
  const { augment = automatic } = options;
  return {
    ...penaltyFields('consistency', options, 10),
    player: 'discriminator',
    term: ({ real, realOutput, discriminate, random }) =>
      tf.tidy(() => {
        const before = (realOutput ?? discriminate(real)).logits;
        return meanSquaredDifference(before, discriminate(augment(real, random)).logits);
      }),
  };
}

/**
 * Balanced consistency regularisation (bCR): w [mean (D(x) - D(T(x)))^2 + mean (D(G(z)) - D(T(G(z))))^2], w = 10.
 *
 * Source: Zhao et al. 2021, algorithm 1.
 */
export function balancedConsistency(options: ConsistencyOptions = {}): Penalty {
  const { augment = automatic } = options;
  const realSide = consistency({ augment });
  return {
    ...penaltyFields('balanced-consistency', options, 10),
    player: 'discriminator',
    term: (context) =>
      tf.tidy(() => {
        const { fake, fakeOutput, discriminate, random } = context;
        const changed = discriminate(augment(stopGradient(fake), random), 'fake').logits;
        return tf.add(realSide.term(context), meanSquaredDifference(fakeOutput.logits, changed));
      }),
  };
}
