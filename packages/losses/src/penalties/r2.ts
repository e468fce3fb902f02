// R2: no slope at the generated samples.
import { checkOptions, type Penalty, type Scheduled } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { stopGradient } from '../stop-gradient.ts';
import { squaredInputGradient } from './input-gradient.ts';
import { halved, penaltyFields } from './penalty-options.ts';

/** Options of {@link r2}. */
export interface R2Options {
  /** gamma, a number of at least 0 or a function of the step; 10 when absent. The penalty's weight is gamma / 2. */
  readonly gamma?: Scheduled | undefined;
  /** Evaluated in every n-th discriminator update, weighing n times as much there; 1 when absent. */
  readonly interval?: number | undefined;
}

/**
 * R2: gamma/2 mean_b sum |dD/dx|^2 at the generated samples, under their own condition.
 *
 * With {@link r1} it completes the relativistic pairing loss. Source: Mescheder, Geiger and Nowozin 2018, equation 10.
 *
 * @throws GanKitError `invalid-argument` for a gamma below 0 or an interval that is no whole number from 1.
 */
export function r2(options: R2Options = {}): Penalty {
  checkOptions('r2', options, { gamma: 'optional', interval: 'optional' });
  const { gamma = 10, interval = 1 } = options;
  return {
    ...penaltyFields('r2', { weight: halved("r2's gamma", gamma), interval }, 5),
    player: 'discriminator',
    verdicts: ['logit', 'energy'],
    term: ({ discriminate, fake }) =>
      tf.tidy(() => tf.mean<tf.Scalar>(squaredInputGradient((x) => discriminate(x, 'fake'), stopGradient(fake)))),
  };
}
