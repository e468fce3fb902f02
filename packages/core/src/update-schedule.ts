/** What is known of the game when the next iteration is planned; numbers of past steps are `undefined` until there are some. */
export interface GameState {
  /** The iteration that is about to start, from 0. */
  readonly step: number;
  readonly discriminatorLoss?: number;
  readonly generatorLoss?: number;
  /** Mean probability of "real" that the discriminator gave to real samples, 0 to 1. */
  readonly realScore?: number;
  /** Mean probability of "real" that the discriminator gave to generated samples, 0 to 1. */
  readonly fakeScore?: number;
}

/** How many updates each player makes in one iteration. */
export interface UpdatePlan {
  readonly discriminatorUpdates: number;
  readonly generatorUpdates: number;
}

/** Decides before each iteration how many updates each player makes. A function of a few lines will do. */
export type UpdateSchedule = (game: GameState) => UpdatePlan;
