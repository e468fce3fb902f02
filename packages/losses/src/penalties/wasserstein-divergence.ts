// WGAN-div: a relaxation of the Wasserstein distance that needs no Lipschitz constraint.
import { checkNumber, checkOptions, type Penalty, type Scheduled } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { stopGradient } from '../stop-gradient.ts';
import { squaredInputGradient } from './input-gradient.ts';
import { halved, penaltyFields } from './penalty-options.ts';

/** Options of {@link wassersteinDivergence}. */
export interface WassersteinDivergenceOptions {
  /** k, at least 0; 2 when absent. The penalty's weight is k / 2. */
  readonly k?: Scheduled | undefined;
  /** The exponent p, at least 2; 6 when absent. */
  readonly p?: number | undefined;
  /** Evaluated in every n-th discriminator update, weighing n times as much there; 1 when absent. */
  readonly interval?: number | undefined;
}

/**
 * The gradient term of the Wasserstein divergence, at the real and the generated samples themselves:
 *
 * k/2 [mean_b |dD/dx|^p + mean_b |dD/dG(z)|^p], k = 2, p = 6,
 *
 * each kind of samples under its own condition.
 *
 * Goes with {@link wasserstein}. Source: Wu et al. 2018.
 *
 * @throws GanKitError `invalid-argument` for a k below 0, a p below 2, or an interval that is no whole number from 1.
 */
export function wassersteinDivergence(options: WassersteinDivergenceOptions = {}): Penalty {
  checkOptions('wassersteinDivergence', options, { k: 'optional', p: 'optional', interval: 'optional' });
  const { k = 2, p = 6, interval = 1 } = options;
  checkNumber('p', p, 2);
  return {
    ...penaltyFields('wasserstein-divergence', { weight: halved("wasserstein-divergence's k", k), interval }, 1),
    player: 'discriminator',
    verdicts: ['logit', 'energy'],
    term: ({ discriminate, real, fake }) =>
      tf.tidy(() => {
        const power = (samples: tf.Tensor, kind: 'real' | 'fake') => {
          const squared = squaredInputGradient((x) => discriminate(x, kind), samples);
          return tf.mean<tf.Scalar>(tf.pow(squared, p / 2));
        };
        return tf.add(power(real, 'real'), power(stopGradient(fake), 'fake'));
      }),
  };
}
