// The two networks as functions in one update: training mode, the step, and what each side is told.
import type { Condition, DiscriminatorOutput, ForwardOptions, PenaltyContext } from '@gankit/core';
import type * as tf from '@tensorflow/tfjs';
import type { GameOptions } from './update-options.ts';

/** The networks of one update as functions. */
export interface Passes {
  /** @param own Whether this pass may move the generator's moving averages. */
  generate(latent: tf.Tensor, own?: boolean): tf.Tensor;
  /** @param own Whether this pass may move the discriminator's moving averages. */
  discriminate(samples: tf.Tensor, conditionOf?: 'real' | 'fake', own?: boolean): DiscriminatorOutput;
  /** What penalties look at. */
  context(
    of: Pick<PenaltyContext, 'fake' | 'fakeOutput' | 'realOutput' | 'variables'> & { readonly fromLatent: boolean },
  ): PenaltyContext;
}

/** @param fakeCondition What is said of the fakes; by default what the options say. */
export function passesOf(
  options: GameOptions,
  fakeCondition: Condition | undefined = options.fakeCondition ?? options.condition,
): Passes {
  const { generator, discriminator, real, latent, step = 0, condition, communicator } = options;
  const random = options.random.sharedOver(communicator);
  // Every pass of an update but one leaves moving averages alone: the first pass of the updated player.
  const forward = (updateState: boolean, told: Condition | undefined): ForwardOptions => {
    return { training: true, updateState, step, condition: told, communicator };
  };
  const passes: Passes = {
    generate: (noise, own = false) => generator.generate(noise, forward(own, fakeCondition)),
    discriminate: (samples, conditionOf = 'real', own = false) =>
      discriminator.discriminate(samples, forward(own, conditionOf === 'real' ? condition : fakeCondition)),
    context: ({ fromLatent, ...of }) => ({
      step,
      random,
      // Absent only where no penalty is due: see `needsRealSamples`.
      real: real!,
      ...of,
      latent: fromLatent ? latent : undefined,
      condition,
      fakeCondition,
      communicator,
      discriminate: (samples, conditionOf) => passes.discriminate(samples, conditionOf),
      generate: (noise) => passes.generate(noise),
    }),
  };
  return passes;
}
