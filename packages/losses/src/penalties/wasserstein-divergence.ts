// WGAN-div: a relaxation of the Wasserstein distance that needs no Lipschitz constraint.
import { checkNumber, type Penalty, type Scheduled } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { stopGradient } from '../stop-gradient.ts';
import { squaredInputGradient } from './input-gradient.ts';
import { halved, penaltyFields } from './penalty-options.ts';

/** Options of {@link wassersteinDivergence}. */
export interface WassersteinDivergenceOptions {
  /** k, at least 0; 2 when absent. The penalty's weight is k / 2. */
  readonly k?: Scheduled;
  /** The exponent p, at least 2; 6 when absent. */
  readonly p?: number;
  /** Evaluated in every n-th discriminator update, weighing n times as much there; 1 when absent. */
  readonly interval?: number;
}

/**
 * The gradient term of the Wasserstein divergence, at the real and the generated samples themselves:
 *
 * k/2 [mean_b |dD/dx|^p + mean_b |dD/dG(z)|^p], k = 2, p = 6.
 *
 * Goes with {@link wasserstein}. Source: Wu et al. 2018.
 */
export function wassersteinDivergence(options: WassersteinDivergenceOptions = {}): Penalty {
  const { k = 2, p = 6, interval = 1 } = options;
  checkNumber('p', p, 2);
  return {
    ...penaltyFields('wasserstein-divergence', { weight: halved(k), interval }, 1),
    player: 'discriminator',
    logits: 'one-unit',
    term: ({ discriminate, real, fake }) =>
      tf.tidy(() => {
        const power = (samples: tf.Tensor) =>
          tf.mean<tf.Scalar>(tf.pow(squaredInputGradient(discriminate, samples), p / 2));
        return tf.add(power(real), power(stopGradient(fake)));
      }),
  };
}
