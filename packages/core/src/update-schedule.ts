/**
 * What is known of the game when the next iteration is planned: each number as it was last measured, also when the player that it
 * belongs to has rested since; `undefined` until there is one.
 */
export interface GameState {
  /** The iteration that is about to start, from 0. */
  readonly step: number;
  /** Real samples seen so far. */
  readonly samplesSeen: number;
  readonly discriminatorLoss?: number;
  readonly generatorLoss?: number;
  /** Mean probability of "real" that the discriminator gave to real samples, 0 to 1. */
  readonly realScore?: number;
  /** Mean probability of "real" that the discriminator gave to its fake samples, 0 to 1. */
  readonly fakeScore?: number;
  /** The same for what the generator made in its own update. */
  readonly generatedScore?: number;
  /** Share of real samples that the discriminator took for real, 0 to 1. */
  readonly realAccuracy?: number;
  /** Share of its fake samples that the discriminator took for generated, 0 to 1. */
  readonly fakeAccuracy?: number;
  /** The same for what the generator made in its own update. */
  readonly generatedAccuracy?: number;
}

/** How many updates each player makes in one iteration. */
export interface UpdatePlan {
  readonly discriminatorUpdates: number;
  readonly generatorUpdates: number;
  /**
   * Whether both players are updated at once, both gradients from one forward pass of the same fakes; false when absent. Then
   * both numbers must be the same.
   */
  readonly simultaneous?: boolean;
}

/**
 * Decides before each iteration how many updates each player makes. A function of a few lines will do; one with state
 * (a smoothed accuracy) also has the functions of {@link Stateful}.
 */
export type UpdateSchedule = (game: GameState) => UpdatePlan;
