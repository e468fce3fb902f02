// Consistency regularisation: the verdict on a sample and on its augmented copy is the same.
import { type Condition, checkOptions, type Penalty, type RandomStream } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { stopGradient } from '../stop-gradient.ts';
import { type Augmentation, flipAndShift, gaussianNoise } from './augmentations.ts';
import { type PenaltyOptions, penaltyFields, penaltyOptionNames } from './penalty-options.ts';

/** Options of {@link consistency} and {@link balancedConsistency}. */
export interface ConsistencyOptions extends PenaltyOptions {
  /**
   * The change that must not change the verdict. When absent, flips and shifts for images, noise for other data, and noise for images
   * that the discriminator is told an image about: that one stays where it is, so that the sample must too.
   */
  readonly augment?: Augmentation | undefined;
}

const consistencyOptionNames = { ...penaltyOptionNames, augment: 'optional' } as const;

/** T(x). */
function changed(
  samples: tf.Tensor,
  random: RandomStream,
  condition: Condition | undefined,
  augment: Augmentation | undefined,
): tf.Tensor {
  const mayMove = samples.rank === 4 && condition?.images === undefined;
  return (augment ?? (mayMove ? flipAndShift() : gaussianNoise()))(samples, random);
}

/** mean (a - b)^2 over every logit. */
export function meanSquaredDifference(a: tf.Tensor, b: tf.Tensor): tf.Scalar {
  return tf.mean(tf.square(tf.sub(a, b)));
}

/**
 * Consistency regularisation (CR): w mean (D(x) - D(T(x)))^2 on real samples, w = 10.
 *
 * Source: Zhang et al. 2020, on the discriminator's final output.
 */
export function consistency(options: ConsistencyOptions = {}): Penalty {
  checkOptions('consistency', options, consistencyOptionNames);
  const { augment } = options;
  return {
    ...penaltyFields('consistency', options, 10),
    player: 'discriminator',
    term: ({ real, realOutput, condition, discriminate, random }) =>
      tf.tidy(() => {
        const before = (realOutput ?? discriminate(real)).logits;
        const after = discriminate(changed(real, random, condition, augment)).logits;
        return meanSquaredDifference(before, after);
      }),
  };
}

/**
 * Balanced consistency regularisation (bCR): w [mean (D(x) - D(T(x)))^2 + mean (D(G(z)) - D(T(G(z))))^2], w = 10.
 *
 * Each kind of samples is judged under its own condition. Source: Zhao et al. 2021, algorithm 1.
 */
export function balancedConsistency(options: ConsistencyOptions = {}): Penalty {
  checkOptions('balancedConsistency', options, consistencyOptionNames);
  const { augment } = options;
  const realSide = consistency({ augment });
  return {
    ...penaltyFields('balanced-consistency', options, 10),
    player: 'discriminator',
    term: (context) =>
      tf.tidy(() => {
        const { fake, fakeOutput, condition, fakeCondition = condition, discriminate, random } = context;
        const after = discriminate(changed(stopGradient(fake), random, fakeCondition, augment), 'fake').logits;
        return tf.add(realSide.term(context), meanSquaredDifference(fakeOutput.logits, after));
      }),
  };
}
