// Both players at once: one forward pass of the same fakes serves both losses, as in the Chainer example of DCGAN.
import { type Constraint, checkOptions, gatherRows, type Optimizer, type Penalty, type Player } from '@gankit/core';
import type * as tf from '@tensorflow/tfjs';
import { checkOptimizers, checkUpdate } from './compatibility.ts';
import { afterUpdate, type BothOutputs, keepOutputs } from './discriminator-update.ts';
import { type Keep, keeping } from './kept-tensors.ts';
import type { Measurements } from './measurements.ts';
import { applyObjective, type Objective, objectiveOf, sampleDiversity } from './objective.ts';
import { passesOf } from './passes.ts';
import { readingOf } from './reading.ts';
import { type GameOptions, gameOptionNames } from './update-options.ts';
import { wholeOutput } from './whole-output.ts';

export interface SimultaneousUpdateOptions extends GameOptions {
  /** Real samples: float32 [batch, ...shape]. Stays with the caller. */
  readonly real: tf.Tensor;
  readonly generatorOptimizer: Optimizer;
  readonly discriminatorOptimizer: Optimizer;
  /** The penalties of both players; none by default. */
  readonly penalties?: readonly Penalty[] | undefined;
  /** What is done to either player's variables after the update; nothing by default. */
  readonly constraints?: readonly Constraint[] | undefined;
  /** Updates that each player has made: penalties with an interval depend on it. `step` by default. */
  readonly updates?: Readonly<Record<Player, number>> | undefined;
}

/**
 * Updates both players once, both gradients from one forward pass: one D(G(z)) serves both losses, and neither player sees the
 * other's new weights. The discriminator's loss does not reach the generator and the generator's does not reach the discriminator.
 * Penalties draw from `random`, which moves it on.
 * @returns What was measured for each player, on the backend; the caller owns it.
 * @throws GanKitError `incompatible` when parts do not fit; what a part throws. Nothing is leaked then.
 */
export function updateBoth(options: SimultaneousUpdateOptions): Readonly<Record<Player, Measurements>> {
  checkOptions('updateBoth', options, {
    ...gameOptionNames,
    real: 'required',
    generatorOptimizer: 'required',
    discriminatorOptimizer: 'required',
    penalties: 'optional',
    constraints: 'optional',
    updates: 'optional',
  });
  const { generator, discriminator, loss, real, latent, step = 0, watch = false, communicator } = options;
  const { penalties = [], constraints = [], updates = { discriminator: step, generator: step } } = options;
  const passes = passesOf(options);
  const playerOf = (player: Player) => ({
    network: player === 'generator' ? generator : discriminator,
    optimizer: player === 'generator' ? options.generatorOptimizer : options.discriminatorOptimizer,
    penalties: penalties.filter((penalty) => penalty.player === player),
    constraints: constraints.filter((constraint) => constraint.player === player),
    step,
    update: updates[player],
    watch,
    communicator,
  });
  const players = { discriminator: playerOf('discriminator'), generator: playerOf('generator') };
  checkOptimizers(options);
  checkUpdate('discriminator', { ...options, ...players.discriminator });
  checkUpdate('generator', { ...options, ...players.generator });

  const work = (keep: Keep): Readonly<Record<Player, Measurements>> => {
    let outputs: BothOutputs | undefined;
    let ofDiscriminator: Objective | undefined;
    let diversity: tf.Scalar | undefined;

    const ofGenerator = objectiveOf(
      players.generator,
      (first) => {
        const fake = passes.generate(latent, first);
        const fakeOutput = passes.discriminate(fake, 'fake');
        const realOutput = passes.discriminate(real, 'real', first);
        const forward = { fake, fromLatent: true, realOutput, fakeOutput };
        const whole = (samples: tf.Tensor) => gatherRows(samples, communicator);
        const judged = { real: wholeOutput(realOutput, communicator), fake: wholeOutput(fakeOutput, communicator) };
        if (first) {
          outputs = keepOutputs(judged, loss, keep);
          if (watch) diversity = keep(sampleDiversity(fake, communicator));
          // The passes above lie on the tape already: the discriminator's gradient is a second way back through them.
          const evaluate = () => ({
            loss: loss.discriminatorLoss(judged),
            context: passes.context({ ...forward, variables: discriminator.variables }),
          });
          ofDiscriminator = objectiveOf(players.discriminator, evaluate, keep);
        }
        return {
          loss: loss.generatorLoss({
            ...judged,
            samples: loss.generatorNeeds?.includes('samples') ? { real: whole(real), fake: whole(fake) } : undefined,
            step,
          }),
          context: passes.context({ ...forward, variables: generator.variables }),
        };
      },
      keep,
    );
    const watchedGenerator = applyObjective(players.generator, ofGenerator.gradients, keep);
    const watchedDiscriminator = applyObjective(players.discriminator, ofDiscriminator!.gradients, keep);
    const logits = afterUpdate(outputs!, loss);
    const shared = { reading: readingOf(loss), fromGenerator: true };
    return {
      discriminator: {
        player: 'discriminator',
        ...shared,
        adversarialLoss: ofDiscriminator!.adversarialLoss,
        ...logits,
        penalties: ofDiscriminator!.penalties,
        ...(watchedDiscriminator && { watched: watchedDiscriminator }),
      },
      generator: {
        player: 'generator',
        ...shared,
        adversarialLoss: ofGenerator.adversarialLoss,
        realLogits: keep(logits.realLogits.clone()),
        fakeLogits: keep(logits.fakeLogits.clone()),
        penalties: ofGenerator.penalties,
        ...(watchedGenerator && { watched: { ...watchedGenerator, sampleDiversity: diversity! } }),
      },
    };
  };
  return keeping(work);
}
