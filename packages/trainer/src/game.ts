// One step of the game: a plan is played on fresh batches, update by update.
import {
  type Batch,
  checkBatch,
  checkInteger,
  disposeBatch,
  drawLatent,
  GanKitError,
  type Player,
  type RandomStream,
  rowsOfShare,
  type UpdatePlan,
} from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { checkSimultaneous } from './compatibility.ts';
import { updateDiscriminator } from './discriminator-update.ts';
import { needsRealSamples, updateGenerator } from './generator-update.ts';
import { disposeMeasurements, type Measurements } from './measurements.ts';
import { updateBoth } from './simultaneous-update.ts';
import type { ResolvedOptions } from './trainer-options.ts';

/** How far the game has come. Plain JSON. */
export interface Progress {
  step: number;
  /** Real samples that a player looked at. */
  samplesSeen: number;
  /** Samples in all rounds, whether a player looked at real ones or not. */
  samplesPlayed: number;
  /** Samples of the newest batch, over all processes: how many the generator makes in a round without one; 0 before the first. */
  batchSize: number;
  /** Samples of generator updates since the average of its weights was last moved. */
  samplesToAverage: number;
}

/** The streams that a game draws from. */
export type GameRandom = Readonly<Record<'latent' | 'parts' | 'condition', RandomStream>>;

/** The last measurements of each player in a step. */
export type Measured = Partial<Record<Player, Measurements>>;

/** The parts of a game and where it stands. */
export interface Game {
  readonly options: ResolvedOptions;
  readonly random: GameRandom;
  readonly progress: Progress;
}

/** Checks a schedule's plan. @throws GanKitError `invalid-argument` or `incompatible`. */
export function checkPlan(plan: UpdatePlan, options: Pick<ResolvedOptions, 'negatives'>): void {
  const { discriminatorUpdates, generatorUpdates, simultaneous = false } = plan;
  checkInteger("The schedule's discriminatorUpdates", discriminatorUpdates, 0);
  checkInteger("The schedule's generatorUpdates", generatorUpdates, 0);
  checkInteger('The number of updates in a step', Math.max(discriminatorUpdates, generatorUpdates));
  if (!simultaneous) return;
  if (discriminatorUpdates !== generatorUpdates) {
    throw new GanKitError(
      'invalid-argument',
      `A simultaneous step updates both players equally often, not ${discriminatorUpdates} and ${generatorUpdates} times.`,
    );
  }
  checkSimultaneous(options);
}

/** Whose turn it is in each round. The generator's updates come last, so that a step ends with it answering the newest discriminator. */
function roundsOf({ discriminatorUpdates, generatorUpdates }: UpdatePlan): Readonly<Record<Player, boolean>>[] {
  const rounds = Math.max(discriminatorUpdates, generatorUpdates);
  return Array.from({ length: rounds }, (_, round) => ({
    discriminator: round < discriminatorUpdates,
    generator: round >= rounds - generatorUpdates,
  }));
}

/**
 * Takes the batches of a step, one for each round in which somebody looks at real samples.
 * @returns One entry for each round, or `undefined` when the data ended before the step was complete.
 */
export async function takeBatches(
  game: Game,
  plan: UpdatePlan,
  batches: AsyncIterator<Batch>,
): Promise<readonly (Batch | undefined)[] | undefined> {
  const { options, progress } = game;
  const { loss, conditioning, generatorOptimizer, penalties = [], communicator } = options;
  const taken: (Batch | undefined)[] = [];
  try {
    for (const [index, turns] of roundsOf(plan).entries()) {
      const ofGenerator = penalties.filter(({ player }) => player === 'generator');
      // Which of its updates this is decides which lazy penalties are due; one that collects gradients errs on the side of a batch.
      const update =
        generatorOptimizer.iterations + index - Math.max(0, plan.discriminatorUpdates - plan.generatorUpdates);
      const looks = needsRealSamples({ loss, penalties: ofGenerator, step: progress.step, update });
      const sizeIsKnown = progress.batchSize > 0 || taken.length > 0;
      const needed = turns.discriminator || looks || conditioning !== undefined || !sizeIsKnown;
      if (!needed) {
        taken.push(undefined);
        continue;
      }
      const { value: batch, done = false } = await batches.next();
      // Where one process has come to the end of its data, all have.
      if (communicator?.agree(done) ?? done) {
        if (!done) disposeBatch(batch);
        for (const earlier of taken) if (earlier) disposeBatch(earlier);
        return undefined;
      }
      taken.push(batch);
      checkBatch('A batch of real samples', batch.data, options.discriminator.inputShape);
    }
    return taken;
  } catch (error) {
    for (const earlier of taken) if (earlier) disposeBatch(earlier);
    throw error;
  }
}

/**
 * Plays one step on its batches, from the first update to the last without a pause, so that nobody sees the game between two of them.
 * Everything of the batches is disposed but their real samples, which the caller disposes when the numbers of the step are known; all of
 * it when the step fails.
 * @param watch Whether the last update of each player measures more.
 * @returns What each player's last update measured.
 */
export function playStep(
  game: Game,
  plan: UpdatePlan,
  taken: readonly (Batch | undefined)[],
  watch: boolean,
): Measured {
  const { options, progress } = game;
  const { size = 1 } = options.communicator ?? {};
  const { discriminatorUpdates, simultaneous = false } = plan;
  const rounds = roundsOf(plan);
  const last = rounds.length - 1;
  const measured: Measured = {};
  const measure = (player: Player, measurements: Measurements) => {
    if (measured[player] !== undefined) disposeMeasurements(measured[player]);
    measured[player] = measurements;
  };
  try {
    for (const [round, turns] of rounds.entries()) {
      const batch = taken[round];
      const samples = batch === undefined ? progress.batchSize : batch.data.shape[0]! * size;
      progress.batchSize = samples;
      progress.samplesPlayed += samples;
      if (batch !== undefined) progress.samplesSeen += samples;
      const { iterations } = options.generatorOptimizer;
      if (simultaneous) {
        const both = playBoth(game, batch!, watch && round === last);
        measure('discriminator', both.discriminator);
        measure('generator', both.generator);
      } else {
        const watched = { discriminator: round === discriminatorUpdates - 1, generator: round === last };
        for (const player of ['discriminator', 'generator'] as const) {
          if (turns[player]) measure(player, playOne(game, player, batch, watch && watched[player]));
        }
      }
      if (turns.generator) moveAverage(game, samples, iterations);
    }
    progress.step++;
    return measured;
  } catch (error) {
    for (const measurements of Object.values(measured)) disposeMeasurements(measurements);
    tf.dispose(taken.flatMap((batch) => batch?.data ?? []));
    throw error;
  } finally {
    for (const batch of taken) if (batch) disposeBatch({ ...batch, data: undefined } as unknown as Batch);
  }
}

/** Moves the average when the generator's weights really moved, not while its optimiser collects gradients. */
function moveAverage({ options, progress }: Game, samples: number, iterationsBefore: number): void {
  progress.samplesToAverage += samples;
  if (options.generatorOptimizer.iterations === iterationsBefore) return;
  options.average?.update({ samples: progress.samplesToAverage, samplesPlayed: progress.samplesPlayed });
  progress.samplesToAverage = 0;
}

/** What every update is given, for one round. It is called within a tidy. */
function gameOptions({ options, random, progress }: Game, batch: Batch | undefined, watch: boolean) {
  const { generator, discriminator, loss, conditioning, communicator } = options;
  const shared = (stream: RandomStream) => stream.sharedOver(communicator);
  const rows = communicator === undefined ? progress.batchSize : rowsOfShare(progress.batchSize, communicator);
  const told = batch === undefined ? undefined : conditioning?.condition(batch, shared(random.condition), communicator);
  return {
    generator,
    discriminator,
    loss,
    latent: drawLatent(generator, rows, shared(random.latent)),
    random: random.parts,
    step: progress.step,
    watch,
    condition: told?.real,
    fakeCondition: told?.fake ?? told?.real,
    communicator,
  };
}

function playOne(game: Game, player: Player, batch: Batch | undefined, watch: boolean): Measurements {
  const { discriminatorOptimizer, generatorOptimizer, penalties = [], constraints = [], negatives } = game.options;
  return withinTidy(() => {
    const optimizer = player === 'discriminator' ? discriminatorOptimizer : generatorOptimizer;
    const options = {
      ...gameOptions(game, batch, watch),
      optimizer,
      penalties: penalties.filter((penalty) => penalty.player === player),
      constraints: constraints.filter((constraint) => constraint.player === player),
      update: optimizer.iterations,
    };
    return player === 'discriminator'
      ? updateDiscriminator({ ...options, real: batch!.data, negatives })
      : updateGenerator({ ...options, real: batch?.data });
  });
}

function playBoth(game: Game, batch: Batch, watch: boolean): Readonly<Record<Player, Measurements>> {
  const { discriminatorOptimizer, generatorOptimizer, penalties = [], constraints = [] } = game.options;
  return withinTidy(() =>
    updateBoth({
      ...gameOptions(game, batch, watch),
      real: batch.data,
      discriminatorOptimizer,
      generatorOptimizer,
      penalties,
      constraints,
      updates: { discriminator: discriminatorOptimizer.iterations, generator: generatorOptimizer.iterations },
    }),
  );
}

/** Runs work in a tidy whose result holds kept tensors only, in a form that `tf.tidy` does not know. */
function withinTidy<T>(work: () => T): T {
  const result: { value?: T } = {};
  tf.tidy(() => {
    result.value = work();
  });
  return result.value!;
}
