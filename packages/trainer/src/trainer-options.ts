import type {
  AdversarialLoss,
  Communicator,
  Conditioning,
  Constraint,
  Discriminator,
  GameObserver,
  Generator,
  Negatives,
  Optimizer,
  OptionNames,
  Penalty,
  Player,
  RandomStream,
  TrainingCallback,
  UpdateSchedule,
} from '@gankit/core';
import type { Recovery } from './recovery.ts';

/** An average of the generator's weights over time (EMA), moved after each generator update. */
export interface WeightAverage {
  /** The generator that it is an average of; a trainer of another one refuses it. Unknown when absent. */
  readonly of?: Generator | undefined;
  /**
   * @param update `samples`: of the update (of all its batches, when gradients were collected over several); `samplesPlayed`: samples in
   *   all rounds since step 0, these included.
   */
  update(update: { readonly samples: number; readonly samplesPlayed: number }): void;
}

export interface TrainerOptions {
  readonly generator: Generator;
  readonly discriminator: Discriminator;
  readonly loss: AdversarialLoss;
  /** Makes the optimiser of each player, for players that have none of their own: `() => adam({ learningRate: 1e-3 })`. */
  readonly optimizer?: ((player: Player) => Optimizer) | undefined;
  readonly generatorOptimizer?: Optimizer | undefined;
  readonly discriminatorOptimizer?: Optimizer | undefined;
  /** Everything random in training (latents, penalties, negatives, conditions) comes from forks of this stream, which stays as it is. */
  readonly random: RandomStream;
  /** Terms added to either player's loss; none by default. */
  readonly penalties?: readonly Penalty[] | undefined;
  /** What is done to either player's variables after its updates; nothing by default. */
  readonly constraints?: readonly Constraint[] | undefined;
  /** Where the discriminator's fake samples come from; the current generator by default. */
  readonly negatives?: Negatives | undefined;
  /** How many updates each player makes in a step; one each by default. */
  readonly schedule?: UpdateSchedule | undefined;
  /** What the players are told about each sample (classes, codes, images); nothing by default. */
  readonly conditioning?: Conditioning | undefined;
  /** An average of the generator's weights (EMA), such as `generatorAverage`; none by default. */
  readonly average?: WeightAverage | undefined;
  /**
   * Parts that watch the game, such as `convergenceMonitor`; what they find precedes the step's event in the stream. None by default.
   * The controller of an `adaptiveAugment` discriminator is among them without being named.
   */
  readonly observers?: readonly GameObserver[] | undefined;
  /** Every how many steps gradient norms, update ratios and diversity are measured; 10 by default, 0 for never. */
  readonly watchEvery?: number | undefined;
  /** What to do when a number becomes NaN or infinite: end the run with an error (the default), or go back. */
  readonly recovery?: Recovery | undefined;
  /**
   * How many steps are made before their numbers are read from the backend in one go; their events then come together.
   * 1 by default. On a GPU, where a read waits for all work in flight, 10 is faster. A schedule sees the numbers of the steps
   * that have been read.
   */
  readonly readEvery?: number | undefined;
  /**
   * The processes that play this game together; one alone by default. Each has a trainer of equal parts and is given its rows of the same
   * batches (`batches({ ..., share: communicator })`); the game is that of one process with whole batches. All numbers in events are
   * those of the whole batch, and every process stops, goes back or ends when one has to.
   */
  readonly communicator?: Communicator | undefined;
}

/** The names of {@link TrainerOptions}, for `checkOptions`. */
export const trainerOptionNames: OptionNames<TrainerOptions> = {
  generator: 'required',
  discriminator: 'required',
  loss: 'required',
  optimizer: 'optional',
  generatorOptimizer: 'optional',
  discriminatorOptimizer: 'optional',
  random: 'required',
  penalties: 'optional',
  constraints: 'optional',
  negatives: 'optional',
  schedule: 'optional',
  conditioning: 'optional',
  average: 'optional',
  observers: 'optional',
  watchEvery: 'optional',
  recovery: 'optional',
  readEvery: 'optional',
  communicator: 'optional',
};

/** The parts of a game that may be exchanged while it is played. The players stay; they may be wrapped in other ways. */
export type TrainerChanges = Partial<
  Pick<
    TrainerOptions,
    | 'generator'
    | 'discriminator'
    | 'loss'
    | 'generatorOptimizer'
    | 'discriminatorOptimizer'
    | 'penalties'
    | 'constraints'
    | 'negatives'
    | 'schedule'
    | 'conditioning'
    | 'average'
    | 'observers'
    | 'watchEvery'
  >
>;

/** The names of {@link TrainerChanges}, for `checkOptions`. */
export const trainerChangeNames: OptionNames<TrainerChanges> = {
  generator: 'optional',
  discriminator: 'optional',
  loss: 'optional',
  generatorOptimizer: 'optional',
  discriminatorOptimizer: 'optional',
  penalties: 'optional',
  constraints: 'optional',
  negatives: 'optional',
  schedule: 'optional',
  conditioning: 'optional',
  average: 'optional',
  observers: 'optional',
  watchEvery: 'optional',
};

/** Options whose optimisers are there and whose observers are complete. */
export interface ResolvedOptions extends TrainerOptions {
  readonly generatorOptimizer: Optimizer;
  readonly discriminatorOptimizer: Optimizer;
  readonly observers: readonly GameObserver[];
}

export interface RunOptions {
  /** Steps to make in this run, at least 1; not together with `until`. Without both the run goes on until something else ends it. */
  readonly steps?: number | undefined;
  /** The step at which the run ends, counted from the very first; a resumed run that is there already ends at once. */
  readonly until?: number | undefined;
  /** Ends the run after the step that is being made; the last event then says `aborted`. */
  readonly signal?: AbortSignal | undefined;
  /** What is done with each event, one after another, before the reader of the stream sees it; none by default. */
  readonly callbacks?: readonly TrainingCallback[] | undefined;
}
