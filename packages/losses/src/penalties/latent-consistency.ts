// Latent consistency (zCR): a nudged latent gives a different sample, but the same verdict.
import {
  checkChoice,
  checkNumber,
  checkOptions,
  GanKitError,
  type Penalty,
  type PenaltyContext,
  type Player,
} from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { stopGradient } from '../stop-gradient.ts';
import { meanSquaredDifference } from './consistency.ts';
import { type PenaltyOptions, penaltyFields, penaltyOptionNames } from './penalty-options.ts';

/** Options of {@link latentConsistency}. */
export interface LatentConsistencyOptions extends PenaltyOptions {
  /** Whose objective the term joins; `discriminator` when absent. zCR uses one of each. */
  readonly player?: Player | undefined;
  /** Standard deviation of the nudge in the latent's units, at least 0; 0.07 when absent. */
  readonly standardDeviation?: number | undefined;
}

/** Latents moved by normal noise. */
function nudged({ latent, random }: PenaltyContext, standardDeviation: number): tf.Tensor {
  if (latent === undefined) {
    throw new GanKitError('incompatible', 'latent-consistency needs the latents of the fakes.');
  }
  return tf.add(latent, random.normalTensor(latent.shape, 0, standardDeviation));
}

/**
 * Latent consistency regularisation (zCR), with z' = z + N(0, sigma^2):
 *
 * discriminator: w mean (D(G(z)) - D(G(z')))^2, w = 5; generator: -w mean (G(z) - G(z'))^2, w = 0.5.
 *
 * Both samples are made and judged under the condition of the generated samples. Together with {@link balancedConsistency} it is ICR. Source: Zhao et al. 2021, algorithm 2.
 */
export function latentConsistency(options: LatentConsistencyOptions = {}): Penalty {
  checkOptions('latentConsistency', options, {
    ...penaltyOptionNames,
    player: 'optional',
    standardDeviation: 'optional',
  });
  const { player = 'discriminator', standardDeviation = 0.07 } = options;
  checkChoice('player', player, ['discriminator', 'generator']);
  checkNumber('standardDeviation', standardDeviation, 0);
  const ofDiscriminator = player === 'discriminator';
  return {
    ...penaltyFields('latent-consistency', options, ofDiscriminator ? 5 : 0.5),
    player,
    needsLatent: true,
    term: (context) =>
      tf.tidy(() => {
        const other = context.generate(nudged(context, standardDeviation));
        if (!ofDiscriminator) return tf.neg<tf.Scalar>(meanSquaredDifference(context.fake, other));
        return meanSquaredDifference(
          context.fakeOutput.logits,
          context.discriminate(stopGradient(other), 'fake').logits,
        );
      }),
  };
}
