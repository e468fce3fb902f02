import type { RandomStream } from '@gankit/core';

/** What a part of the game may depend on besides its options. */
export interface PartContext {
  /** Steps of the whole run. */
  readonly steps: number;
  /** Samples of the data set; a number that stands for one where data have no end. */
  readonly samplesPerEpoch: number;
  /** Whoever keeps it forks it. */
  readonly random: RandomStream;
}
