// Both players at once: one forward pass of the same fakes serves both losses, as in the Chainer example of DCGAN.
import type { Constraint, DiscriminatorOutput, Optimizer, Penalty, Player } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { afterUpdate, keepOutputs } from './discriminator-update.ts';
import type { Measurements } from './measurements.ts';
import { applyObjective, type Objective, objectiveOf, sampleDiversity } from './objective.ts';
import { passesOf } from './passes.ts';
import type { GameOptions } from './update-options.ts';

export interface SimultaneousUpdateOptions extends GameOptions {
  readonly generatorOptimizer: Optimizer;
  readonly discriminatorOptimizer: Optimizer;
  /** The penalties of both players; none by default. */
  readonly penalties?: readonly Penalty[];
  /** What is done to either player's variables after the update; nothing by default. */
  readonly constraints?: readonly Constraint[];
  /** Updates that each player has made: penalties with an interval depend on it. `step` by default. */
  readonly updates?: Readonly<Record<Player, number>>;
}

/**
 * Updates both players once, both gradients from one forward pass: one D(G(z)) serves both losses, and neither player sees the
 * other's new weights. The discriminator's loss does not reach the generator and the generator's does not reach the discriminator.
 * @returns What was measured for each player, on the backend; the caller owns it.
 */
export function updateBoth(options: SimultaneousUpdateOptions): Readonly<Record<Player, Measurements>> {
  const { generator, discriminator, loss, real, latent, step = 0, watch = false } = options;
  const { penalties = [], constraints = [], updates = { discriminator: step, generator: step } } = options;
  const passes = passesOf(options);
  const verdict = discriminator.verdict ?? 'logit';
  const playerOf = (player: Player) => ({
    network: player === 'generator' ? generator : discriminator,
    optimizer: player === 'generator' ? options.generatorOptimizer : options.discriminatorOptimizer,
    penalties: penalties.filter((penalty) => penalty.player === player),
    constraints: constraints.filter((constraint) => constraint.player === player),
    step,
    update: updates[player],
    watch,
  });
  const players = { discriminator: playerOf('discriminator'), generator: playerOf('generator') };

  return tf.tidy(() => {
    let outputs: { real: DiscriminatorOutput; fake: DiscriminatorOutput } | undefined;
    let discriminatorObjective: Objective | undefined;
    let diversity: tf.Scalar | undefined;

    const generatorObjective = objectiveOf(players.generator, (first) => {
      const fake = passes.generate(latent, first);
      const fakeOutput = passes.discriminate(fake, 'fake');
      const realOutput = passes.discriminate(real, 'real', first);
      const forward = { fake, fromLatent: true, realOutput, fakeOutput };
      if (first) {
        outputs = keepOutputs({ real: realOutput, fake: fakeOutput }, loss);
        if (watch) diversity = tf.keep(sampleDiversity(fake));
        // The passes above lie on the tape already: the discriminator's gradient is a second way back through them.
        discriminatorObjective = objectiveOf(players.discriminator, () => ({
          loss: loss.discriminatorLoss({ real: realOutput, fake: fakeOutput }),
          context: passes.context({ ...forward, variables: discriminator.variables }),
        }));
      }
      return {
        loss: loss.generatorLoss({
          fake: fakeOutput,
          real: realOutput,
          ...(loss.generatorNeedsSamples ? { samples: { real, fake } } : {}),
          step,
        }),
        context: passes.context({ ...forward, variables: generator.variables }),
      };
    });
    const watchedGenerator = applyObjective(players.generator, generatorObjective);
    const watchedDiscriminator = applyObjective(players.discriminator, discriminatorObjective!);
    const logits = afterUpdate(outputs!, loss);
    return {
      discriminator: {
        player: 'discriminator',
        verdict,
        loss: discriminatorObjective!.value,
        ...logits,
        penalties: discriminatorObjective!.penalties,
        ...(watchedDiscriminator === undefined ? {} : { watched: watchedDiscriminator }),
      },
      generator: {
        player: 'generator',
        verdict,
        loss: generatorObjective.value,
        fakeLogits: logits.fakeLogits.clone(),
        penalties: generatorObjective.penalties,
        ...(watchedGenerator === undefined ? {} : { watched: { ...watchedGenerator, sampleDiversity: diversity! } }),
      },
    } as const;
  });
}
