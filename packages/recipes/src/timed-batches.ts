// How long a game waits for its data.
import type { BatchStream } from '@gankit/core';

/** A stream that is timed. */
export interface TimedBatches extends BatchStream {
  /** Seconds that whoever reads it has waited so far. */
  readonly waited: number;
}

/**
 * The same stream, with a clock. Its state is that of the stream.
 * @param now Seconds from any origin; the clock of the process by default.
 */
export function timedBatches(batches: BatchStream, now: () => number = () => performance.now() / 1000): TimedBatches {
  let waited = 0;
  return {
    get waited() {
      return waited;
    },
    async next() {
      const from = now();
      try {
        return await batches.next();
      } finally {
        waited += now() - from;
      }
    },
    async return() {
      return (await batches.return?.()) ?? { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
    saveState: () => batches.saveState(),
    loadState: (state) => batches.loadState(state),
  };
}
