import { checkInteger, checkNumber } from '@gankit/core';

/** Options of {@link stepRate}. */
export interface StepRateOptions {
  /** The rate of the first update, at least 0. */
  readonly from: number;
  /** What the rate is multiplied by at each step, at least 0; 0.1 when absent. */
  readonly factor?: number;
  /** Updates between two steps. */
  readonly every: number;
}

/** A learning rate that drops at regular distances: `from * factor ^ floor(iteration / every)`, like `torch` `StepLR`. */
export function stepRate(options: StepRateOptions): (iteration: number) => number {
  const { from, factor = 0.1, every } = options;
  checkNumber('from', from, 0);
  checkNumber('factor', factor, 0);
  checkInteger('every', every);
  return (iteration) => from * factor ** Math.floor(iteration / every);
}
