import { checkInteger, checkNumber, checkOptions } from '@gankit/core';

/** Options of {@link stepRate}. */
export interface StepRateOptions {
  /** The rate of the first training step, at least 0. */
  readonly from: number;
  /** What the rate is multiplied by at each drop, at least 0; 0.1 when absent. */
  readonly factor?: number | undefined;
  /** Training steps between two drops. */
  readonly every: number;
}

/** A learning rate that drops at regular distances: `from * factor ^ floor(step / every)`, like `torch` `StepLR`. */
export function stepRate(options: StepRateOptions): (step: number) => number {
  checkOptions('stepRate', options, { from: 'required', factor: 'optional', every: 'required' });
  const { from, factor = 0.1, every } = options;
  checkNumber('from', from, 0);
  checkNumber('factor', factor, 0);
  checkInteger('every', every);
  return (step) => from * factor ** Math.floor(step / every);
}
