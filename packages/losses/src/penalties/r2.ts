// R2: no slope at the generated samples.
import type { Penalty, Scheduled } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { stopGradient } from '../stop-gradient.ts';
import { squaredInputGradient } from './input-gradient.ts';
import { halved, penaltyFields } from './penalty-options.ts';

/** Options of {@link r2}. */
export interface R2Options {
  /** gamma, a number of at least 0 or a function of the step; 10 when absent. The penalty's weight is gamma / 2. */
  readonly gamma?: Scheduled;
  /** Evaluated in every n-th discriminator update, weighing n times as much there; 1 when absent. */
  readonly interval?: number;
}

/**
 * R2: gamma/2 mean_b sum |dD/dx|^2 at the generated samples.
 *
 * With {@link r1} it completes the relativistic pairing loss. Source: Mescheder, Geiger and Nowozin 2018, equation 10.
 */
export function r2(options: R2Options = {}): Penalty {
  const { gamma = 10, interval = 1 } = options;
  return {
    ...penaltyFields('r2', { weight: halved(gamma), interval }, 5),
    player: 'discriminator',
    logits: 'one-unit',
    term: ({ discriminate, fake }) =>
      tf.tidy(() => tf.mean<tf.Scalar>(squaredInputGradient((x) => discriminate(x, 'fake'), stopGradient(fake)))),
  };
}
