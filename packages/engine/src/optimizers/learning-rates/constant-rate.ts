import { checkNumber } from '@gankit/core';

/** The same learning rate for every update. A plain number does the same; this is for code that always holds a function. */
export function constantRate(learningRate: number): (iteration: number) => number {
  checkNumber('learningRate', learningRate, 0);
  return () => learningRate;
}
