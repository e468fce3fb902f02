import { checkNumber, checkOptions, type Negatives, type Scheduled, valueAt } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { generated } from './current-generator.ts';
import { type NoiseOptions, noiseSource } from './noise.ts';

export interface AnnealedNoiseOptions {
  /** t, how much of the real sample is in the mixture, 0 to 1: 0 is pure noise, 1 the real sample itself. Usually rises. */
  readonly realShare: Scheduled;
  /** g, how much of the generator's sample is in the negative, 0 to 1; 0 by default: the discriminator never sees one. */
  readonly generatorShare?: Scheduled | undefined;
  /** The noise; uniform in [-1, 1) by default. */
  readonly noise?: NoiseOptions | undefined;
}

/**
 * Real data mixed with less and less pure noise: the proposal that a discriminator need not see what the generator makes.
 * Negative i of a batch is, number by number,
 *
 * g G(z_i) + (1 - g) (t x_i + (1 - t) n_i), with x_i the i-th real sample and n_i noise of the data's shape.
 *
 * With g = 0 (the default) the generator is not evaluated. With g = 0 and t = 1 the negatives are the real samples, and nothing is
 * left to learn. The players are told the condition of the generated samples, also where a real sample is in the mixture.
 *
 * @throws GanKitError `invalid-argument` for a share that is not from 0 to 1: a fixed one at once, a scheduled one at its step.
 */
export function annealedNoise(options: AnnealedNoiseOptions): Negatives {
  checkOptions('annealedNoise', options, { realShare: 'required', generatorShare: 'optional', noise: 'optional' });
  const { realShare, generatorShare = 0, noise = {} } = options;
  const draw = noiseSource(noise);
  const shareAt = (name: string, share: Scheduled, step: number) => {
    const value = valueAt(share, step);
    checkNumber(name, value, 0, 1);
    return value;
  };
  if (typeof realShare === 'number') shareAt('realShare', realShare, 0);
  if (typeof generatorShare === 'number') shareAt('generatorShare', generatorShare, 0);
  return {
    name: 'annealed-noise',
    fromLatent: false,
    sample(context) {
      const { real, random, step } = context;
      const t = shareAt('realShare', realShare, step);
      const g = shareAt('generatorShare', generatorShare, step);
      const samples = tf.tidy(() => {
        const mixture = tf.add(tf.mul(real, t), tf.mul(draw(real.shape, random), 1 - t));
        return g === 0 ? mixture : tf.add(tf.mul(generated(context), g), tf.mul(mixture, 1 - g));
      });
      return { samples, fromLatent: false };
    },
  };
}
