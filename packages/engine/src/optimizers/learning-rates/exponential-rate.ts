import { checkInteger, checkNumber } from '@gankit/core';

/** Options of {@link exponentialRate}. */
export interface ExponentialRateOptions {
  /** The rate of the first update, at least 0. */
  readonly from: number;
  /** What the rate is multiplied by over `every` updates, at least 0. */
  readonly factor: number;
  /** Updates over which `factor` applies once; 1 when absent. */
  readonly every?: number;
}

/** A learning rate that falls smoothly: `from * factor ^ (iteration / every)`; with `every` 1 it is `torch` `ExponentialLR`. */
export function exponentialRate(options: ExponentialRateOptions): (iteration: number) => number {
  const { from, factor, every = 1 } = options;
  checkNumber('from', from, 0);
  checkNumber('factor', factor, 0);
  checkInteger('every', every);
  return (iteration) => from * factor ** (iteration / every);
}
