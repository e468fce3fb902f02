import type {
  AdversarialLoss,
  Conditioning,
  Constraint,
  Discriminator,
  GameObserver,
  Generator,
  Negatives,
  Optimizer,
  Penalty,
  RandomStream,
  UpdateSchedule,
} from '@gankit/core';
import type { Recovery } from './recovery.ts';

/** An average of the generator's weights over time, moved after each generator update. */
export interface WeightAverage {
  /** @param update `samples`: size of the batch; `samplesSeen`: real samples since step 0, this batch included. */
  update(update: { readonly samples: number; readonly samplesSeen: number }): void;
}

export interface TrainerOptions {
  readonly generator: Generator;
  readonly discriminator: Discriminator;
  readonly loss: AdversarialLoss;
  readonly generatorOptimizer: Optimizer;
  readonly discriminatorOptimizer: Optimizer;
  /** Everything random in training (latents, penalties, negatives) comes from forks of this stream. */
  readonly random: RandomStream;
  /** Terms added to either player's loss; none by default. */
  readonly penalties?: readonly Penalty[];
  /** What is done to either player's variables after its updates; nothing by default. */
  readonly constraints?: readonly Constraint[];
  /** Where the discriminator's fake samples come from; the current generator by default. */
  readonly negatives?: Negatives;
  /** How many updates each player makes in a step; one each by default. */
  readonly schedule?: UpdateSchedule;
  /** What the players are told about each sample (classes, codes, images); nothing by default. */
  readonly conditioning?: Conditioning;
  /** An average of the generator's weights, such as `generatorAverage`; none by default. */
  readonly average?: WeightAverage;
  /** Parts that watch the game, such as `convergenceMonitor`; what they find follows in the stream. None by default. */
  readonly observers?: readonly GameObserver[];
  /** Every how many steps gradient norms, update ratios and diversity are measured; 10 by default, 0 for never. */
  readonly watchEvery?: number;
  /** What to do when a number becomes NaN or infinite: end the run with an error (the default), or go back. */
  readonly recovery?: Recovery;
  /**
   * How many steps are made before their numbers are read from the backend in one go; their events then come together.
   * 1 by default. On a GPU, where a read waits for all work in flight, 10 is faster. A schedule sees the numbers of the steps
   * that have been read.
   */
  readonly readEvery?: number;
}

export interface RunOptions {
  /** Steps to make in this run; without it the run goes on until the signal, the data or the reader ends it. */
  readonly steps?: number;
  /** Ends the run after the step that is being made; the last event then says `aborted`. */
  readonly signal?: AbortSignal;
}
