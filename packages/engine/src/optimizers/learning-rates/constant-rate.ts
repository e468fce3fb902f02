import { checkNumber } from '@gankit/core';

/** The same learning rate in every training step. A plain number does the same; this is for code that always holds a function. */
export function constantRate(learningRate: number): (step: number) => number {
  checkNumber('learningRate', learningRate, 0);
  return () => learningRate;
}
