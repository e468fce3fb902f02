// One update of the discriminator. A trainer of your own is a loop over this and `updateGenerator`.
import {
  type AdversarialLoss,
  checkOptions,
  type DiscriminatorOutput,
  mapOutput,
  type Negatives,
  outputTensors,
} from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { checkUpdate } from './compatibility.ts';
import { type Keep, keeping } from './kept-tensors.ts';
import type { Measurements } from './measurements.ts';
import { currentGenerator } from './negatives/current-generator.ts';
import { applyObjective, objectiveOf } from './objective.ts';
import { passesOf } from './passes.ts';
import { readingOf } from './reading.ts';
import { type UpdateOptions, updateOptionNames } from './update-options.ts';
import { wholeOutput } from './whole-output.ts';

export interface DiscriminatorUpdateOptions extends UpdateOptions {
  /** Real samples: float32 [batch, ...shape]. Stays with the caller. */
  readonly real: tf.Tensor;
  /** Where the fake samples come from; the current generator by default. */
  readonly negatives?: Negatives | undefined;
}

/**
 * Updates the discriminator once: negatives are drawn as constants, loss and penalties are summed, one optimiser step is made.
 * The generator's weights are not touched. Penalties and negatives draw from `random`, which moves it on.
 * @returns What was measured, on the backend; the caller owns it.
 * @throws GanKitError `incompatible` when the loss, a penalty or a constraint does not fit the discriminator's update; what a part
 *   throws. Nothing is leaked then, and the weights are as they were unless a constraint threw.
 */
export function updateDiscriminator(options: DiscriminatorUpdateOptions): Measurements {
  checkOptions('updateDiscriminator', options, { ...updateOptionNames, real: 'required', negatives: 'optional' });
  const {
    generator,
    discriminator,
    loss,
    real,
    latent,
    step = 0,
    negatives = currentGenerator,
    communicator,
  } = options;
  const random = options.random.sharedOver(communicator);
  checkUpdate('discriminator', { ...options, negatives });
  const told = options.fakeCondition ?? options.condition;
  const work = (keep: Keep): Measurements => {
    const negative = negatives.sample({ step, generator, real, latent, random, condition: told, communicator });
    const { samples: fake, fromLatent } = negative;
    const passes = passesOf(options, negative.condition ?? told);
    let outputs: BothOutputs | undefined;

    const player = { ...options, network: discriminator };
    const { adversarialLoss, gradients, penalties } = objectiveOf(
      player,
      (first) => {
        const realOutput = passes.discriminate(real, 'real', first);
        const fakeOutput = passes.discriminate(fake, 'fake');
        const judged = { real: wholeOutput(realOutput, communicator), fake: wholeOutput(fakeOutput, communicator) };
        if (first) outputs = keepOutputs(judged, loss, keep);
        return {
          loss: loss.discriminatorLoss(judged),
          context: passes.context({ fake, fromLatent, realOutput, fakeOutput, variables: discriminator.variables }),
        };
      },
      keep,
    );
    const watched = applyObjective(player, gradients, keep);
    return {
      player: 'discriminator',
      reading: readingOf(loss),
      fromGenerator: fromLatent,
      adversarialLoss,
      ...afterUpdate(outputs!, loss),
      penalties,
      ...(watched && { watched }),
    };
  };
  return keeping(work);
}

/** What the discriminator says of both sides. */
export interface BothOutputs {
  readonly real: DiscriminatorOutput;
  readonly fake: DiscriminatorOutput;
}

/** Copies of outputs that outlive the tape: the logits, and the rest for a loss that looks at it after the update. */
export function keepOutputs({ real, fake }: BothOutputs, loss: AdversarialLoss, keep: Keep): BothOutputs {
  const copy = <T extends tf.Tensor>(tensor: T): T => keep(tensor.clone() as T);
  const keepOutput = (output: DiscriminatorOutput) =>
    loss.afterDiscriminatorUpdate === undefined ? { logits: copy(output.logits) } : mapOutput(output, copy);
  return { real: keepOutput(real), fake: keepOutput(fake) };
}

/** Tells the loss of the update; what remains of the kept outputs are their logits. */
export function afterUpdate(outputs: BothOutputs, loss: AdversarialLoss) {
  loss.afterDiscriminatorUpdate?.(outputs);
  for (const output of [outputs.real, outputs.fake]) tf.dispose(outputTensors(output).slice(1));
  return { realLogits: outputs.real.logits, fakeLogits: outputs.fake.logits };
}
