import type { PlayerNumbers, StepEvent } from './training-event.ts';

/**
 * What is known of the game when the next iteration is planned: the numbers of each player as they were last measured, also when it
 * has rested since; `undefined` until there are any.
 */
export interface GameState extends Partial<Pick<StepEvent, 'accuracy'>> {
  /** The iteration that is about to start, from 0. */
  readonly step: number;
  /** Real samples that a player looked at so far. */
  readonly samplesSeen: number;
  /** Samples in all rounds so far, whether a player looked at real ones or not: the clock of the game. */
  readonly samplesPlayed: number;
  readonly discriminator?: PlayerNumbers | undefined;
  readonly generator?: PlayerNumbers | undefined;
}

/** How many updates each player makes in one iteration. */
export interface UpdatePlan {
  readonly discriminatorUpdates: number;
  readonly generatorUpdates: number;
  /**
   * Whether both players are updated at once, both gradients from one forward pass of the same fakes; false when absent. Then
   * both numbers must be the same.
   */
  readonly simultaneous?: boolean | undefined;
}

/**
 * Decides before each iteration how many updates each player makes. A function of a few lines will do; one with state
 * (a smoothed accuracy) also has the functions of {@link Stateful}.
 */
export interface UpdateSchedule {
  (game: GameState): UpdatePlan;
  /** Whether some of its plans are simultaneous, so that parts that exclude it are refused before training starts. */
  readonly simultaneous?: boolean | undefined;
  /** What it steers by, so that a game without it is refused before training starts. */
  readonly steeredBy?: 'accuracy' | 'loss-ratio' | undefined;
}
