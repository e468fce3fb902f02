// One update of the generator.
import { checkOptions, GanKitError, gatherRows } from '@gankit/core';
import type * as tf from '@tensorflow/tfjs';
import { checkUpdate } from './compatibility.ts';
import { type Keep, keeping } from './kept-tensors.ts';
import type { Measurements } from './measurements.ts';
import { applyObjective, duePenalties, objectiveOf, sampleDiversity } from './objective.ts';
import { passesOf } from './passes.ts';
import { readingOf } from './reading.ts';
import { type UpdateOptions, updateOptionNames } from './update-options.ts';
import { wholeOutput } from './whole-output.ts';

/**
 * Whether a generator's update looks at real samples: the loss does, or a penalty may.
 * (A penalty does not say whether it reads `real`, so a due one counts as if it did.)
 */
export function needsRealSamples(options: Pick<UpdateOptions, 'loss' | 'penalties' | 'step' | 'update'>): boolean {
  return (options.loss.generatorNeeds ?? []).length > 0 || duePenalties(options).length > 0;
}

/**
 * Updates the generator once: the gradient passes through the discriminator into every sample and on into the generator.
 * The discriminator's weights are not touched. Penalties draw from `random`, which moves it on.
 * @returns What was measured, on the backend; the caller owns it.
 * @throws GanKitError `incompatible` when the loss, a penalty or a constraint does not fit the generator's update, or needs real
 *   samples and there are none; what a part throws. Nothing is leaked then, and the weights are as they were unless a constraint threw.
 */
export function updateGenerator(options: UpdateOptions): Measurements {
  checkOptions('updateGenerator', options, updateOptionNames);
  checkUpdate('generator', options);
  const { generator, loss, real, latent, step = 0, watch = false, communicator } = options;
  const { generatorNeeds = [] } = loss;
  const passes = passesOf(options);
  const player = { ...options, network: generator };
  const needsRealOutput =
    generatorNeeds.includes('real') || duePenalties(player).some((penalty) => penalty.needsRealOutput);
  if (real === undefined && needsRealSamples(options)) {
    throw new GanKitError(
      'incompatible',
      `The loss '${loss.name}' or a penalty looks at real samples in the generator's update; give 'real'.`,
    );
  }
  const work = (keep: Keep): Measurements => {
    const kept: { realLogits?: tf.Tensor; fakeLogits?: tf.Tensor; diversity?: tf.Scalar } = {};
    const { adversarialLoss, gradients, penalties } = objectiveOf(
      player,
      (first) => {
        const fake = passes.generate(latent, first);
        const fakeOutput = passes.discriminate(fake, 'fake');
        const realOutput = needsRealOutput ? passes.discriminate(real!, 'real') : undefined;
        const whole = (samples: tf.Tensor) => gatherRows(samples, communicator);
        const judged = {
          fake: wholeOutput(fakeOutput, communicator),
          real: realOutput && wholeOutput(realOutput, communicator),
        };
        if (first) {
          kept.fakeLogits = keep(judged.fake.logits.clone());
          if (judged.real) kept.realLogits = keep(judged.real.logits.clone());
          if (watch) kept.diversity = keep(sampleDiversity(fake, communicator));
        }
        return {
          loss: loss.generatorLoss({
            ...judged,
            samples: generatorNeeds.includes('samples') ? { real: whole(real!), fake: whole(fake) } : undefined,
            step,
          }),
          context: passes.context({ fake, fromLatent: true, realOutput, fakeOutput, variables: generator.variables }),
        };
      },
      keep,
    );
    const watched = applyObjective(player, gradients, keep);
    const { realLogits, fakeLogits, diversity } = kept;
    return {
      player: 'generator',
      reading: readingOf(loss),
      fromGenerator: true,
      adversarialLoss,
      ...(realLogits && { realLogits }),
      fakeLogits: fakeLogits!,
      penalties,
      ...(watched && { watched: { ...watched, sampleDiversity: diversity! } }),
    };
  };
  return keeping(work);
}
