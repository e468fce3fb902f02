import { checkInteger, checkNumber, checkOptions } from '@gankit/core';

/** Options of {@link cosineRate}. */
export interface CosineRateOptions {
  /** The rate of the first training step, at least 0. */
  readonly from: number;
  /** The rate at the end, at least 0; 0 when absent. */
  readonly to?: number | undefined;
  /** Training steps over which it falls from `from` to `to`. */
  readonly iterations: number;
}

/**
 * A learning rate, as a function of the training step, that follows half a cosine wave and then stays (Loshchilov and Hutter 2017, eq. 5, without restarts):
 * `to + (from - to) (1 + cos(pi t / iterations)) / 2`.
 */
export function cosineRate(options: CosineRateOptions): (step: number) => number {
  checkOptions('cosineRate', options, { from: 'required', to: 'optional', iterations: 'required' });
  const { from, to = 0, iterations } = options;
  checkNumber('from', from, 0);
  checkNumber('to', to, 0);
  checkInteger('iterations', iterations);
  return (step) => {
    if (step >= iterations) return to;
    return to + ((from - to) * (1 + Math.cos((Math.PI * step) / iterations))) / 2;
  };
}
