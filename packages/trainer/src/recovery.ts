import type { State } from '@gankit/core';

/** What a trainer does when a number becomes NaN or infinite: it goes back to a good state and learns more slowly. */
export interface Recovery {
  /** The last good state that the trainer's `saveState` gave; `undefined` when there is none, which ends the run. */
  lastGood(): Promise<State | undefined>;
  /** What both learning rates are multiplied by at each rollback; 0.5 by default. */
  readonly learningRateFactor?: number | undefined;
  /** Rollbacks after which the run ends with the error; 3 by default. */
  readonly attempts?: number | undefined;
}
