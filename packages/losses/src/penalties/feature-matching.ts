// Feature matching: the generator meets the statistics of the discriminator's features.
import { checkChoice, checkOptions, GanKitError, meanOverRanks, type Penalty } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { stopGradient } from '../stop-gradient.ts';
import { type PenaltyOptions, penaltyFields, penaltyOptionNames } from './penalty-options.ts';

/** Options of {@link featureMatching}. */
export interface FeatureMatchingOptions extends PenaltyOptions {
  /** `l2` (default): the squared Euclidean norm of the difference. `l1`: the sum of its absolute values. */
  readonly norm?: 'l2' | 'l1' | undefined;
  /** Which of the discriminator's features: the last layer (default) or all of them, summed. */
  readonly layers?: 'last' | 'all' | undefined;
}

/**
 * Feature matching, with phi the discriminator's features and means over the batch:
 *
 * w |mean phi(x) - mean phi(G(z))|^2, w = 1.
 *
 * The real side is a constant. Each kind of samples is judged under its own condition: where features depend on what is told, both
 * batches should be told the same things equally often, or the means differ for the best generator too. The discriminator needs the `features` head. Source: Salimans et al. 2016, section 3.1.
 */
export function featureMatching(options: FeatureMatchingOptions = {}): Penalty {
  checkOptions('featureMatching', options, { ...penaltyOptionNames, norm: 'optional', layers: 'optional' });
  const { norm = 'l2', layers = 'last' } = options;
  checkChoice('norm', norm, ['l2', 'l1']);
  checkChoice('layers', layers, ['last', 'all']);
  return {
    ...penaltyFields('feature-matching', options, 1),
    player: 'generator',
    needsHeads: ['features'],
    needsRealOutput: true,
    term: ({ realOutput, fakeOutput, communicator }) =>
      tf.tidy(() => {
        const first = layers === 'last' ? -1 : 0;
        const real = realOutput?.features?.slice(first) ?? [];
        const fake = fakeOutput.features?.slice(first) ?? [];
        if (real.length === 0 || fake.length !== real.length) {
          throw new GanKitError('incompatible', 'feature-matching needs a discriminator with features.');
        }
        const terms = fake.map((features, layer) => {
          const own = tf.sub(tf.mean(stopGradient(real[layer]!), 0), tf.mean(features, 0));
          const difference = meanOverRanks(own, communicator);
          return tf.sum<tf.Scalar>(norm === 'l2' ? tf.square(difference) : tf.abs(difference));
        });
        return tf.addN(terms) as tf.Scalar;
      }),
  };
}
