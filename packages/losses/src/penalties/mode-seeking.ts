// Mode seeking: different latents must give different samples.
import {
  type Communicator,
  checkNumber,
  checkOptions,
  GanKitError,
  gatherRows,
  meanOverRanks,
  ownRows,
  type Penalty,
} from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { type PenaltyOptions, penaltyFields, penaltyOptionNames } from './penalty-options.ts';

/** Options of {@link modeSeeking}. */
export interface ModeSeekingOptions extends PenaltyOptions {
  /** Added to the ratio before it is inverted: at least 1e-12, 1e-5 when absent. */
  readonly epsilon?: number | undefined;
}

/** The batch moved on by one: sample i + 1 in place of sample i. Only the first samples of the processes go to another one. */
function next(tensor: tf.Tensor, communicator: Communicator | undefined): tf.Tensor {
  const batch = tensor.shape[0] ?? 1;
  const firsts = gatherRows(tf.slice(tensor, 0, 1), communicator);
  const { size = 1 } = communicator ?? {};
  const shifted = size === 1 ? firsts : tf.concat([tf.slice(firsts, 1, size - 1), tf.slice(firsts, 0, 1)], 0);
  return tf.concat([tf.slice(tensor, 1, batch - 1), ownRows(shifted, communicator)], 0);
}

/**
 * Mode-seeking regularisation: w / (mean |G(z1) - G(z2)| / mean |z1 - z2| + 1e-5), w = 1; 0 for a batch of one.
 *
 * z2 is the batch's own latents moved on by one place, so that no second batch has to be drawn. When the generator is told something
 * about its samples, they are generated again in their new places, since both samples must be told the same. Source: Mao et al. 2019.
 *
 * @throws GanKitError `invalid-argument` for an option out of range. The term throws `incompatible` without latents.
 */
export function modeSeeking(options: ModeSeekingOptions = {}): Penalty {
  checkOptions('modeSeeking', options, { ...penaltyOptionNames, epsilon: 'optional' });
  const { epsilon = 1e-5 } = options;
  checkNumber('epsilon', epsilon, 1e-12);
  return {
    ...penaltyFields('mode-seeking', options, 1),
    player: 'generator',
    needsLatent: true,
    term: ({ latent, fake, condition, fakeCondition = condition, generate, communicator }) =>
      tf.tidy(() => {
        if (latent === undefined) throw new GanKitError('incompatible', 'mode-seeking needs the latents of the fakes.');
        if ((latent.shape[0] ?? 1) * (communicator?.size ?? 1) < 2) return tf.mul(tf.mean<tf.Scalar>(fake), 0);
        const meanDistance = (a: tf.Tensor, b: tf.Tensor) =>
          meanOverRanks(tf.mean<tf.Scalar>(tf.abs(tf.sub(a, b))), communicator);
        const otherLatent = next(latent, communicator);
        const otherFake = fakeCondition === undefined ? next(fake, communicator) : generate(otherLatent);
        const ratio = tf.div(meanDistance(fake, otherFake), meanDistance(latent, otherLatent));
        return tf.div<tf.Scalar>(1, tf.add(ratio, epsilon));
      }),
  };
}
