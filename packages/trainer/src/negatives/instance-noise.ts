import {
  checkNumber,
  checkOptions,
  type Discriminator,
  type RandomStream,
  type Scheduled,
  type Stateful,
  valueAt,
} from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { withTransformedInput } from '../transformed-input.ts';

export interface InstanceNoiseOptions {
  /**
   * In the data's units ([-1, 1]), at least 0. A function of the training step lets it decay, for example from 0.1 to 0 in a
   * straight line; a step that is not told counts as 0.
   */
  readonly standardDeviation: Scheduled;
  /** The noise comes from a fork of this stream. */
  readonly random: RandomStream;
}

/**
 * Instance noise: in training, everything that the discriminator sees, real or generated, is blurred by normal noise of its own, so
 * that the two distributions overlap and the discriminator cannot be perfect. Outside training nothing is added.
 * Source: Sønderby et al. 2017, section 2.2; Arjovsky and Bottou 2017.
 *
 * @returns A discriminator that owns the given one.
 * @throws GanKitError `invalid-argument` for a negative standard deviation: a fixed one at once, a scheduled one at its step.
 */
export function withInstanceNoise(
  discriminator: Discriminator,
  options: InstanceNoiseOptions,
): Discriminator & Stateful & Disposable {
  checkOptions('withInstanceNoise', options, { standardDeviation: 'required', random: 'required' });
  const { standardDeviation, random } = options;
  if (typeof standardDeviation === 'number') checkNumber('standardDeviation', standardDeviation, 0);
  const noise = random.fork('instance-noise');
  return withTransformedInput(discriminator, {
    parts: { noise },
    transform(samples, { step = 0, communicator }) {
      const deviation = valueAt(standardDeviation, step);
      checkNumber('standardDeviation', deviation, 0);
      if (deviation === 0) return samples;
      return tf.add(samples, noise.sharedOver(communicator).normalTensor(samples.shape, 0, deviation));
    },
  });
}
