import { checkInteger, checkNumber } from '@gankit/core';

/** Options of {@link cosineRate}. */
export interface CosineRateOptions {
  /** The rate of the first update, at least 0. */
  readonly from: number;
  /** The rate at the end, at least 0; 0 when absent. */
  readonly to?: number;
  /** Updates over which it falls from `from` to `to`. */
  readonly iterations: number;
}

/**
 * A learning rate that follows half a cosine wave and then stays (Loshchilov and Hutter 2017, eq. 5, without restarts):
 * `to + (from - to) (1 + cos(pi t / iterations)) / 2`.
 */
export function cosineRate(options: CosineRateOptions): (iteration: number) => number {
  const { from, to = 0, iterations } = options;
  checkNumber('from', from, 0);
  checkNumber('to', to, 0);
  checkInteger('iterations', iterations);
  return (iteration) => {
    if (iteration >= iterations) return to;
    return to + ((from - to) * (1 + Math.cos((Math.PI * iteration) / iterations))) / 2;
  };
}
