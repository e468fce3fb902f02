// One update of the discriminator. A trainer of your own is a loop over this and `updateGenerator`.
import type { DiscriminatorOutput, Negatives } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { currentGenerator } from './current-generator.ts';
import { type Measurements, meanScore, minimize } from './objective.ts';
import { type UpdateOptions, withDefaults } from './update-options.ts';

export interface DiscriminatorUpdateOptions extends UpdateOptions {
  /** Where the fake samples come from; the current generator by default. */
  readonly negatives?: Negatives;
}

/**
 * Updates the discriminator once: negatives are drawn as constants, loss and penalties are summed, one optimiser step is made.
 * The generator's weights are not touched.
 * @returns What was measured, on the backend; the caller owns it.
 */
export function updateDiscriminator(options: DiscriminatorUpdateOptions): Measurements {
  const { generator, discriminator, loss, real, latent, random, negatives = currentGenerator } = options;
  const { step, own, other, ofCondition, player } = withDefaults(options);
  return tf.tidy(() => {
    const { samples: fake, fromLatent } = negatives.sample({ step, generator, real, latent, random, ...ofCondition });
    let outputs: { real: DiscriminatorOutput; fake: DiscriminatorOutput } | undefined;
    let scores: { realScore: tf.Scalar; fakeScore: tf.Scalar } | undefined;

    const measured = minimize({ ...player, network: discriminator }, (first) => {
      const realOutput = discriminator.discriminate(real, first ? own : other);
      const fakeOutput = discriminator.discriminate(fake, other);
      scores ??= {
        realScore: tf.keep(meanScore(discriminator, realOutput.logits)),
        fakeScore: tf.keep(meanScore(discriminator, fakeOutput.logits)),
      };
      if (loss.afterDiscriminatorUpdate !== undefined) {
        outputs ??= { real: keepOutput(realOutput), fake: keepOutput(fakeOutput) };
      }
      return {
        loss: loss.discriminatorLoss({ real: realOutput, fake: fakeOutput }),
        context: {
          step,
          random,
          real,
          fake,
          ...(fromLatent ? { latent } : {}),
          ...ofCondition,
          realOutput,
          fakeOutput,
          variables: discriminator.variables,
          discriminate: (samples) => discriminator.discriminate(samples, other),
          generate: (noise) => generator.generate(noise, other),
        },
      };
    });

    if (outputs !== undefined) {
      loss.afterDiscriminatorUpdate?.(outputs);
      disposeOutput(outputs.real);
      disposeOutput(outputs.fake);
    }
    return { ...measured, ...scores! };
  });
}

/** A copy of an output that outlives the tape. */
function keepOutput({ logits, features, classLogits }: DiscriminatorOutput): DiscriminatorOutput {
  const keep = <T extends tf.Tensor>(tensor: T): T => tf.keep(tensor.clone());
  return {
    logits: keep(logits),
    ...(features === undefined ? {} : { features: features.map(keep) }),
    ...(classLogits === undefined ? {} : { classLogits: keep(classLogits) }),
  };
}

function disposeOutput({ logits, features = [], classLogits }: DiscriminatorOutput): void {
  tf.dispose([logits, ...features, ...(classLogits === undefined ? [] : [classLogits])]);
}
