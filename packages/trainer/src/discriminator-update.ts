// One update of the discriminator. A trainer of your own is a loop over this and `updateGenerator`.
import type { AdversarialLoss, DiscriminatorOutput, Negatives } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import type { Measurements } from './measurements.ts';
import { currentGenerator } from './negatives/current-generator.ts';
import { applyObjective, objectiveOf } from './objective.ts';
import { passesOf } from './passes.ts';
import type { UpdateOptions } from './update-options.ts';

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
  const { generator, discriminator, loss, real, latent, random, step = 0, negatives = currentGenerator } = options;
  const told = options.fakeCondition ?? options.condition;
  return tf.tidy(() => {
    const negative = negatives.sample({
      step,
      generator,
      real,
      latent,
      random,
      ...(told === undefined ? {} : { condition: told }),
    });
    const { samples: fake, fromLatent } = negative;
    const passes = passesOf(options, negative.condition ?? told);
    let outputs: { real: DiscriminatorOutput; fake: DiscriminatorOutput } | undefined;

    const player = { ...options, network: discriminator };
    const objective = objectiveOf(player, (first) => {
      const realOutput = passes.discriminate(real, 'real', first);
      const fakeOutput = passes.discriminate(fake, 'fake');
      if (first) outputs = keepOutputs({ real: realOutput, fake: fakeOutput }, loss);
      return {
        loss: loss.discriminatorLoss({ real: realOutput, fake: fakeOutput }),
        context: passes.context({
          fake,
          fromLatent,
          realOutput,
          fakeOutput,
          variables: discriminator.variables,
        }),
      };
    });
    const watched = applyObjective(player, objective);
    return {
      player: 'discriminator',
      verdict: discriminator.verdict ?? 'logit',
      loss: objective.value,
      ...afterUpdate(outputs!, loss),
      penalties: objective.penalties,
      ...(watched === undefined ? {} : { watched }),
    } as const;
  });
}

/** Copies of outputs that outlive the tape: the logits, and the rest for a loss that looks at it after the update. */
export function keepOutputs(
  { real, fake }: { readonly real: DiscriminatorOutput; readonly fake: DiscriminatorOutput },
  loss: AdversarialLoss,
): { real: DiscriminatorOutput; fake: DiscriminatorOutput } {
  const keep = <T extends tf.Tensor>(tensor: T): T => tf.keep(tensor.clone());
  const keepOutput = ({ logits, features, classLogits }: DiscriminatorOutput) => {
    if (loss.afterDiscriminatorUpdate === undefined) return { logits: keep(logits) };
    return {
      logits: keep(logits),
      ...(features === undefined ? {} : { features: features.map(keep) }),
      ...(classLogits === undefined ? {} : { classLogits: keep(classLogits) }),
    };
  };
  return { real: keepOutput(real), fake: keepOutput(fake) };
}

/** Tells the loss of the update; what remains of the kept outputs are their logits. */
export function afterUpdate(outputs: { real: DiscriminatorOutput; fake: DiscriminatorOutput }, loss: AdversarialLoss) {
  loss.afterDiscriminatorUpdate?.(outputs);
  for (const { features = [], classLogits } of [outputs.real, outputs.fake]) {
    tf.dispose([...features, ...(classLogits === undefined ? [] : [classLogits])]);
  }
  return { realLogits: outputs.real.logits, fakeLogits: outputs.fake.logits };
}
