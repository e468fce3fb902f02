import { checkInteger, checkNumber } from '@gankit/core';

/** Options of {@link linearRate}. */
export interface LinearRateOptions {
  /** The rate of the first update, at least 0. */
  readonly from: number;
  /** The rate at the end, at least 0; 0 when absent. */
  readonly to?: number;
  /** Updates over which it moves from `from` to `to`. */
  readonly iterations: number;
  /** Updates at the start that keep `from`; 0 when absent. CycleGAN and pix2pix keep the rate for half of the run. */
  readonly hold?: number;
}

/** A learning rate that moves in a straight line, downwards for decay or upwards for warm-up, and then stays. */
export function linearRate(options: LinearRateOptions): (iteration: number) => number {
  const { from, to = 0, iterations, hold = 0 } = options;
  checkNumber('from', from, 0);
  checkNumber('to', to, 0);
  checkInteger('iterations', iterations);
  checkInteger('hold', hold, 0);
  return (iteration) => {
    const progress = Math.min(Math.max((iteration - hold) / iterations, 0), 1);
    return progress === 1 ? to : from + (to - from) * progress;
  };
}
