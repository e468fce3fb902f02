import type { Batch, BatchStream, State } from '@gankit/core';

/** An endless {@link BatchStream} from a function that makes the next batch, and its position as state. */
export function batchStream(
  nextBatch: () => Batch,
  position: { saveState(): State; loadState(state: State): void },
): BatchStream {
  let ended = false;
  return {
    async next() {
      return ended ? { done: true, value: undefined } : { done: false, value: nextBatch() };
    },
    async return() {
      ended = true;
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
    async saveState() {
      return position.saveState();
    },
    loadState(state) {
      position.loadState(state);
    },
  };
}
