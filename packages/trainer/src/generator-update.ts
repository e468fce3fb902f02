// One update of the generator.
import * as tf from '@tensorflow/tfjs';
import type { Measurements } from './measurements.ts';
import { applyObjective, duePenalties, objectiveOf, sampleDiversity } from './objective.ts';
import { passesOf } from './passes.ts';
import type { UpdateOptions } from './update-options.ts';

/**
 * Updates the generator once: the gradient passes through the discriminator into every sample and on into the generator.
 * The discriminator's weights are not touched.
 * @returns What was measured, on the backend; the caller owns it.
 */
export function updateGenerator(options: UpdateOptions): Measurements {
  const { generator, discriminator, loss, real, latent, step = 0, watch = false } = options;
  const passes = passesOf(options);
  const player = { ...options, network: generator };
  const needsReal = loss.generatorNeedsReal || duePenalties(player).some((penalty) => penalty.needsRealOutput);
  return tf.tidy(() => {
    const kept: { realLogits?: tf.Tensor; fakeLogits?: tf.Tensor } = {};
    let diversity: tf.Scalar | undefined;

    const objective = objectiveOf(player, (first) => {
      const fake = passes.generate(latent, first);
      const fakeOutput = passes.discriminate(fake, 'fake');
      const realOutput = needsReal ? { realOutput: passes.discriminate(real, 'real') } : {};
      if (first) {
        kept.fakeLogits = tf.keep(fakeOutput.logits.clone());
        if (realOutput.realOutput) kept.realLogits = tf.keep(realOutput.realOutput.logits.clone());
        if (watch) diversity = tf.keep(sampleDiversity(fake));
      }
      return {
        loss: loss.generatorLoss({
          fake: fakeOutput,
          ...(realOutput.realOutput ? { real: realOutput.realOutput } : {}),
          ...(loss.generatorNeedsSamples ? { samples: { real, fake } } : {}),
          step,
        }),
        context: passes.context({
          fake,
          fromLatent: true,
          ...realOutput,
          fakeOutput,
          variables: generator.variables,
        }),
      };
    });
    const watched = applyObjective(player, objective);
    return {
      player: 'generator',
      verdict: discriminator.verdict ?? 'logit',
      loss: objective.value,
      ...(kept as { realLogits?: tf.Tensor; fakeLogits: tf.Tensor }),
      penalties: objective.penalties,
      ...(watched === undefined ? {} : { watched: { ...watched, sampleDiversity: diversity! } }),
    } as const;
  });
}
