// A run from a recipe: trainer, data, the generator that is shown, and parts that can be swapped while it is played.
import { buildConditionalGenerator } from '@gankit/conditional/registry';
import {
  type BatchStream,
  type Communicator,
  checkOptions,
  type DataSource,
  disposeParts,
  type Generator,
  isStateful,
  type Optimizer,
  type Player,
  type RandomStream,
  type RunCallback,
  type State,
} from '@gankit/core';
import type { GeneratorSpecification } from '@gankit/models';
import { Trainer, type TrainerOptions } from '@gankit/trainer';
import { buildLoss, buildParts, type GameParts, type Players } from './build-game.ts';
import { buildOpponent, generatorSpecification } from './build-players.ts';
import { dataFacts } from './facts.ts';
import { type Measurement, recipeMeasurements } from './measurements.ts';
import type { ResolvedRecipe } from './resolve-recipe.ts';
import { same } from './same.ts';
import { runStreams } from './streams.ts';
import { changesOf, checkSwappable } from './swap.ts';

export interface BuildRunOptions {
  /** The trainer's last good state, for a run that goes back when it diverges; it ends instead when absent. */
  readonly lastGood?: (() => State | undefined | Promise<State | undefined>) | undefined;
  /** What is done with each measurement of the recipe's metrics; nothing when absent. */
  readonly onMeasure?: ((step: number, measurement: Measurement) => void | Promise<void>) | undefined;
  /** The processes that play the run together, each with its rows of every batch of the recipe; one alone when absent. */
  readonly communicator?: Communicator | undefined;
}

/** A run that can begin. */
export interface Run {
  /** The recipe that is played. It is another after a swap. */
  readonly recipe: ResolvedRecipe;
  readonly trainer: Trainer;
  /** The data, in the order of the recipe's seed. */
  readonly batches: BatchStream;
  /**
   * The players and the loss as they are played with now: for pictures of the game, such as the discriminator's verdict on a grid of points.
   * They are others after a swap; the run owns them.
   */
  readonly game: Readonly<Pick<TrainerOptions, 'generator' | 'discriminator' | 'loss'>>;
  /** The generator that is shown and kept: the average of its weights where the recipe has one. */
  readonly generator: Generator;
  /** What makes that generator again, kept beside its weights. */
  readonly specification: GeneratorSpecification;
  /** What the recipe wants done while it is played: measurements, early stopping. */
  readonly callbacks: readonly RunCallback[];
  /** For pictures: whoever keeps it forks it. */
  readonly pictures: RandomStream;
  /** The generator as it is now, by every metric of the recipe. */
  measure(): Promise<Measurement>;
  /**
   * Goes on by another recipe from the next step on: the same players, optimisers with their state, and every part that both recipes
   * have. The event stream tells it.
   * @param onExchange Called between the two steps, with the number of steps made, before anything is exchanged: the place to write it down.
   * @returns What was exchanged, by path; nothing for the same recipe.
   * @throws GanKitError `another-run` that names everything that cannot be swapped, `incompatible` for parts that do not fit; nothing is exchanged then.
   */
  swap(recipe: ResolvedRecipe, onExchange?: (step: number) => Promise<void>): Promise<readonly string[]>;
  /** Frees every part. */
  dispose(): void;
}

/** Takes over the state of an optimiser of the same kind. */
async function takeOver(before: Optimizer, after: Optimizer): Promise<void> {
  if (before !== after && isStateful(before) && isStateful(after)) after.loadState(await before.saveState());
}

/**
 * Puts a run together. It is the same in Node, in a page and in a worker.
 * @param recipe From `resolveRecipe`, with the facts of these data.
 * @param source The data that the recipe names.
 * @throws GanKitError `incompatible` for parts that exclude each other, and whatever a part refuses.
 */
export function buildRun(recipe: ResolvedRecipe, source: DataSource, options: BuildRunOptions = {}): Run {
  checkOptions('buildRun', options, { lastGood: 'optional', onMeasure: 'optional', communicator: 'optional' });
  const { lastGood, onMeasure = () => {}, communicator } = options;
  const streams = runStreams(recipe.seed);
  const specification = generatorSpecification(recipe, dataFacts(source));
  const made: unknown[] = [];
  const keep = <T>(part: T): T => {
    made.push(part);
    return part;
  };
  try {
    return assemble();
  } catch (error) {
    // What was made until then belongs to nobody.
    disposeParts(...made);
    throw error;
  }

  function assemble(): Run {
    const loss = keep(buildLoss(recipe, streams));
    const generator = keep(buildConditionalGenerator(specification, streams.generator, recipe.stopping.steps));
    const opponent = buildOpponent(recipe, specification, loss.verdict ?? 'logit', streams.discriminator);
    keep(opponent.discriminator);
    const players: Players = { generator, ...opponent };
    let current = recipe;
    let parts = buildParts(recipe, players, loss, { source, streams });
    made.push(...droppedParts(parts));
    const trainer = new Trainer({
      generator,
      ...trainerParts(parts),
      conditioning: opponent.conditioning,
      random: streams.training,
      watchEvery: recipe.watchEvery,
      communicator,
      recovery:
        lastGood !== undefined && recipe.stopping.divergence === 'rollback'
          ? { lastGood: async () => lastGood() }
          : undefined,
    });
    const shown = () => parts.average?.generator ?? generator;
    const measurements = recipeMeasurements(recipe, {
      source,
      generator: shown,
      every: () => current.measureEvery,
      random: streams.metrics,
      onMeasure,
    });

    async function swap(
      next: ResolvedRecipe,
      onExchange?: (step: number) => Promise<void>,
    ): Promise<readonly string[]> {
      const before = current;
      checkSwappable(before, next);
      const changed = changesOf(before, next);
      if (changed.length === 0) return [];
      const nextLoss = same(next.loss, before.loss) ? parts.plainLoss : buildLoss(next, streams);
      const made = buildParts(next, players, nextLoss, { source, streams, played: { recipe: before, parts } });
      const old = parts;
      if (!isAnotherGame(old, made, before, next)) {
        await onExchange?.(trainer.step);
        [parts, current] = [made, next];
        return changed;
      }
      try {
        await trainer.swap(async () => {
          await onExchange?.(trainer.step);
          for (const player of ['generator', 'discriminator'] as const) {
            await takeOver(old.optimizers[player], made.optimizers[player]);
          }
          // From here on these are the parts that are played with, also for whoever is told of it.
          [parts, current] = [made, next];
          return { ...trainerParts(made), watchEvery: next.watchEvery };
        }, changed);
      } catch (error) {
        [parts, current] = [old, before];
        disposeParts(...droppedParts(made, old));
        throw error;
      }
      disposeParts(...droppedParts(old, made));
      return changed;
    }

    /** What a trainer is given of the parts. */
    function trainerParts({ optimizers, plainLoss, penalties, ...rest }: GameParts) {
      const optimizerOf = (player: Player) => optimizers[player];
      return {
        ...rest,
        penalties: [...penalties, ...opponent.penalties],
        generatorOptimizer: optimizerOf('generator'),
        discriminatorOptimizer: optimizerOf('discriminator'),
      };
    }

    return {
      get recipe() {
        return current;
      },
      trainer,
      batches: source.batches({
        batchSize: recipe.batchSize,
        random: streams.data,
        ...(communicator && { share: { rank: communicator.rank, size: communicator.size } }),
      }),
      get game() {
        return { generator, discriminator: parts.discriminator, loss: parts.loss };
      },
      get generator() {
        return shown();
      },
      specification,
      callbacks: measurements.callbacks,
      pictures: streams.pictures,
      measure: () => measurements.measure(trainer.step),
      swap,
      dispose: () => trainer.disposeParts(),
    };
  }
}

/** Whether anything that the trainer plays with is another. (Constraints have no state; they are made anew each time.) */
function isAnotherGame(a: GameParts, b: GameParts, before: ResolvedRecipe, after: ResolvedRecipe): boolean {
  const { constraints: _, penalties: ofA, optimizers: byA, ...restOfA } = a;
  const { constraints: __, penalties: ofB, optimizers: byB, ...restOfB } = b;
  const lists = [
    [Object.values(restOfA), Object.values(restOfB)],
    [ofA, ofB],
    [Object.values(byA), Object.values(byB)],
  ] as const;
  return (
    lists.some(([x, y]) => x.length !== y.length || x.some((part, index) => part !== y[index])) ||
    !same([before.constraints, before.watchEvery], [after.constraints, after.watchEvery])
  );
}

/** The parts of a game that own something, and that another game does not have. Wrappers of a player own the player, which stays. */
function droppedParts(of: GameParts, other?: GameParts): readonly unknown[] {
  const owners = ({ plainLoss, penalties, constraints, negatives, average, optimizers }: GameParts) => [
    plainLoss,
    negatives,
    average,
    optimizers.generator,
    optimizers.discriminator,
    ...penalties,
    ...constraints,
  ];
  const kept = new Set<unknown>(other && owners(other));
  return owners(of).filter((part) => part !== undefined && !kept.has(part));
}
