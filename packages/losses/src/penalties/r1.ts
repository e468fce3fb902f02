// R1: no slope at the real samples.
import { checkOptions, type Penalty, type Scheduled } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { squaredInputGradient } from './input-gradient.ts';
import { halved, penaltyFields } from './penalty-options.ts';

/** Options of {@link r1}. */
export interface R1Options {
  /** gamma, a number of at least 0 or a function of the step; 10 when absent. The penalty's weight is gamma / 2. */
  readonly gamma?: Scheduled | undefined;
  /** Evaluated in every n-th discriminator update, weighing n times as much there; 1 when absent (StyleGAN2 uses 16). */
  readonly interval?: number | undefined;
}

/**
 * R1: gamma/2 mean_b sum |dD/dx|^2 at the real samples.
 *
 * The usual companion of the non-saturating loss; makes training converge locally. Source: Mescheder, Geiger and Nowozin
 * 2018, equation 9; the lazy interval is from Karras et al. 2020, appendix B.
 *
 * @throws GanKitError `invalid-argument` for a gamma below 0 or an interval that is no whole number from 1.
 */
export function r1(options: R1Options = {}): Penalty {
  checkOptions('r1', options, { gamma: 'optional', interval: 'optional' });
  const { gamma = 10, interval = 1 } = options;
  return {
    ...penaltyFields('r1', { weight: halved("r1's gamma", gamma), interval }, 5),
    player: 'discriminator',
    verdicts: ['logit', 'energy'],
    term: ({ discriminate, real }) => tf.tidy(() => tf.mean<tf.Scalar>(squaredInputGradient(discriminate, real))),
  };
}
