import { checkInteger, checkNumber, checkOptions } from '@gankit/core';

/** Options of {@link linearRate}. */
export interface LinearRateOptions {
  /** The rate of the first training step, at least 0. */
  readonly from: number;
  /** The rate at the end, at least 0; 0 when absent. */
  readonly to?: number | undefined;
  /** Training steps over which it moves from `from` to `to`. */
  readonly iterations: number;
  /** Training steps at the start that keep `from`; 0 when absent. CycleGAN and pix2pix keep the rate for half of the run. */
  readonly hold?: number | undefined;
}

/** A learning rate that moves with the training step in a straight line, downwards for decay or upwards for warm-up, and then stays. */
export function linearRate(options: LinearRateOptions): (step: number) => number {
  checkOptions('linearRate', options, { from: 'required', to: 'optional', iterations: 'required', hold: 'optional' });
  const { from, to = 0, iterations, hold = 0 } = options;
  checkNumber('from', from, 0);
  checkNumber('to', to, 0);
  checkInteger('iterations', iterations);
  checkInteger('hold', hold, 0);
  return (step) => {
    const progress = Math.min(Math.max((step - hold) / iterations, 0), 1);
    return progress === 1 ? to : from + (to - from) * progress;
  };
}
