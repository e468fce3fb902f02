// One update of the generator.
import * as tf from '@tensorflow/tfjs';
import { duePenalties, type Measurements, meanScore, minimize } from './objective.ts';
import { type UpdateOptions, withDefaults } from './update-options.ts';

/**
 * Updates the generator once: the gradient passes through the discriminator into every sample and on into the generator.
 * The discriminator's weights are not touched.
 * @returns What was measured, on the backend; the caller owns it.
 */
export function updateGenerator(options: UpdateOptions): Measurements {
  const { generator, discriminator, loss, real, latent, random } = options;
  const { step, own, other, ofCondition, player } = withDefaults(options);
  const due = duePenalties(player.penalties, player.update);
  const needsReal = loss.generatorNeedsReal || due.some((penalty) => penalty.needsRealOutput);
  return tf.tidy(() => {
    let scores: { realScore?: tf.Scalar; fakeScore: tf.Scalar } | undefined;

    const measured = minimize({ ...player, network: generator }, (first) => {
      const fake = generator.generate(latent, first ? own : other);
      const fakeOutput = discriminator.discriminate(fake, other);
      const realOutput = needsReal ? discriminator.discriminate(real, other) : undefined;
      scores ??= {
        fakeScore: tf.keep(meanScore(discriminator, fakeOutput.logits)),
        ...(realOutput === undefined ? {} : { realScore: tf.keep(meanScore(discriminator, realOutput.logits)) }),
      };
      return {
        loss: loss.generatorLoss({
          fake: fakeOutput,
          ...(realOutput === undefined ? {} : { real: realOutput }),
          ...(loss.generatorNeedsSamples ? { samples: { real, fake } } : {}),
        }),
        context: {
          step,
          random,
          real,
          fake,
          latent,
          ...ofCondition,
          ...(realOutput === undefined ? {} : { realOutput }),
          fakeOutput,
          variables: generator.variables,
          discriminate: (samples) => discriminator.discriminate(samples, other),
          generate: (noise) => generator.generate(noise, other),
        },
      };
    });
    return { ...measured, ...scores! };
  });
}
