// One step of the game: a plan is played on fresh batches, update by update.
import {
  type Batch,
  checkBatch,
  checkInteger,
  GanKitError,
  type Player,
  type RandomStream,
  type UpdatePlan,
} from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { updateDiscriminator } from './discriminator-update.ts';
import { updateGenerator } from './generator-update.ts';
import { drawLatent } from './latent.ts';
import { disposeMeasurements, type Measurements } from './measurements.ts';
import { currentGenerator } from './negatives/current-generator.ts';
import { updateBoth } from './simultaneous-update.ts';
import type { TrainerOptions } from './trainer-options.ts';

/** How far the game has come. Updates count it up. */
export interface Progress {
  step: number;
  samplesSeen: number;
  readonly updates: Record<Player, number>;
}

/** The streams that a game draws from. */
export type GameRandom = Readonly<Record<'latent' | 'parts' | 'condition', RandomStream>>;

/** The last measurements of each player in a step. */
export type Measured = Partial<Record<Player, Measurements>>;

/** The parts of a game and where it stands. */
export interface Game {
  readonly options: TrainerOptions;
  readonly random: GameRandom;
  readonly progress: Progress;
}

/**
 * Plays one step: takes a batch for each round, updates the players whose turn it is, counts the samples.
 * @param watch Whether the last update of each player measures more.
 * @returns What each player's last update measured, or `undefined` when the data ended before the step was complete.
 */
export async function playStep(
  game: Game,
  plan: UpdatePlan,
  batches: AsyncIterator<Batch>,
  watch: boolean,
): Promise<Measured | undefined> {
  const { options, progress } = game;
  const { discriminatorUpdates, generatorUpdates, simultaneous = false } = plan;
  checkPlan(plan, options);
  const rounds = Math.max(discriminatorUpdates, generatorUpdates);
  let measured: Measured = {};
  for (let round = 0; round < rounds; round++) {
    const { value: batch, done } = await batches.next();
    if (done) {
      Object.values(measured).forEach(disposeMeasurements);
      return undefined;
    }
    try {
      checkBatch('A batch of real samples', batch.data, options.discriminator.inputShape);
      const samples = batch.data.shape[0]!;
      progress.samplesSeen += samples;
      // The generator's updates come last, so that a step ends with the generator answering the newest discriminator.
      const turns = { discriminator: round < discriminatorUpdates, generator: round >= rounds - generatorUpdates };
      const now: Measured = {};
      if (simultaneous) Object.assign(now, playBoth(game, batch, watch && round === rounds - 1));
      else {
        const watched = { discriminator: round === discriminatorUpdates - 1, generator: round === rounds - 1 };
        for (const player of ['discriminator', 'generator'] as const) {
          if (turns[player]) now[player] = playOne(game, player, batch, watch && watched[player]);
        }
      }
      for (const player of Object.keys(now) as Player[]) {
        if (measured[player] !== undefined) disposeMeasurements(measured[player]);
      }
      measured = { ...measured, ...now };
      if (turns.generator) options.average?.update({ samples, samplesSeen: progress.samplesSeen });
    } finally {
      tf.dispose(batch.labels === undefined ? batch.data : [batch.data, batch.labels]);
    }
  }
  progress.step++;
  return measured;
}

/** What every update is given, for one batch. It is called within a tidy. */
function gameOptions({ options, random, progress }: Game, batch: Batch, watch: boolean) {
  const { generator, discriminator, loss, conditioning } = options;
  const { real, fake = real } = conditioning?.condition(batch, random.condition) ?? {};
  return {
    generator,
    discriminator,
    loss,
    real: batch.data,
    latent: drawLatent(generator, batch.data.shape[0]!, random.latent),
    random: random.parts,
    step: progress.step,
    watch,
    ...(real === undefined ? {} : { condition: real }),
    ...(fake === undefined ? {} : { fakeCondition: fake }),
  };
}

function playOne(game: Game, player: Player, batch: Batch, watch: boolean): Measurements {
  const { discriminatorOptimizer, generatorOptimizer, penalties = [], constraints = [], negatives } = game.options;
  return tf.tidy(() => {
    const options = {
      ...gameOptions(game, batch, watch),
      penalties: penalties.filter((penalty) => penalty.player === player),
      constraints: constraints.filter((constraint) => constraint.player === player),
      update: game.progress.updates[player]++,
    };
    return player === 'discriminator'
      ? updateDiscriminator({ ...options, optimizer: discriminatorOptimizer, ...(negatives ? { negatives } : {}) })
      : updateGenerator({ ...options, optimizer: generatorOptimizer });
  });
}

function playBoth(game: Game, batch: Batch, watch: boolean): Readonly<Record<Player, Measurements>> {
  const { discriminatorOptimizer, generatorOptimizer, penalties = [], constraints = [] } = game.options;
  const updates = { ...game.progress.updates };
  game.progress.updates.discriminator++;
  game.progress.updates.generator++;
  return tf.tidy(() =>
    updateBoth({
      ...gameOptions(game, batch, watch),
      discriminatorOptimizer,
      generatorOptimizer,
      penalties,
      constraints,
      updates,
    }),
  );
}

function checkPlan(plan: UpdatePlan, { negatives }: TrainerOptions): void {
  const { discriminatorUpdates, generatorUpdates, simultaneous = false } = plan;
  checkInteger("The schedule's discriminatorUpdates", discriminatorUpdates, 0);
  checkInteger("The schedule's generatorUpdates", generatorUpdates, 0);
  checkInteger('The number of updates in a step', Math.max(discriminatorUpdates, generatorUpdates));
  if (simultaneous && discriminatorUpdates !== generatorUpdates) {
    throw new GanKitError(
      'invalid-argument',
      `A simultaneous step updates both players equally often, not ${discriminatorUpdates} and ${generatorUpdates} times.`,
    );
  }
  if (simultaneous && negatives !== undefined && negatives !== currentGenerator) {
    throw new GanKitError(
      'incompatible',
      `A simultaneous step judges the generator's own samples once for both players; the negatives '${negatives.name}' need alternating updates.`,
    );
  }
}
