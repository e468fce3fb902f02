// What processes that play one game together say to each other. Whoever carries it (MPI, shared memory) implements this; no part asks how.

/** Which rows of every batch are this process's: with rank r of n and b rows for each, those from r b to (r + 1) b. */
export interface BatchShare {
  /** The number of this process, from 0. */
  readonly rank: number;
  /** How many processes there are, at least 1. */
  readonly size: number;
}

/**
 * Several processes that train one game together, each on its share of every batch.
 *
 * Every call is made by all of them, in the same order and with the same number of values, and returns when all have made it: whatever
 * decides what is called next must be the same everywhere. What comes back is the same bytes on all of them.
 */
export interface Communicator extends BatchShare {
  /** Replaces each value by its sum over the processes, in place. */
  allReduce(values: Float32Array): void;
  /** The values of all processes, rank after rank: `size` times as many. */
  allGather(values: Float32Array): Float32Array;
  /** The bytes that rank 0 gives, of any length; what the others give is not looked at. */
  broadcast(bytes?: Uint8Array): Uint8Array;
  /** Waits until all are here. */
  barrier(): void;
  /** Whether any process says so. */
  agree(flag: boolean): boolean;
}

/** Whether a batch is really spread: one process alone has nobody to talk to. */
export function isSpread<Share extends BatchShare>(share: Share | undefined): share is Share {
  return share !== undefined && share.size > 1;
}
