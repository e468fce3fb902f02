import { checkInteger, checkNumber, checkOptions } from '@gankit/core';

/** Options of {@link exponentialRate}. */
export interface ExponentialRateOptions {
  /** The rate of the first training step, at least 0. */
  readonly from: number;
  /** What the rate is multiplied by over `every` training steps, at least 0. */
  readonly factor: number;
  /** Training steps over which `factor` applies once; 1 when absent. */
  readonly every?: number | undefined;
}

/** A learning rate that falls smoothly with the training step: `from * factor ^ (step / every)`; with `every` 1 it is `torch` `ExponentialLR`. */
export function exponentialRate(options: ExponentialRateOptions): (step: number) => number {
  checkOptions('exponentialRate', options, { from: 'required', factor: 'required', every: 'optional' });
  const { from, factor, every = 1 } = options;
  checkNumber('from', from, 0);
  checkNumber('factor', factor, 0);
  checkInteger('every', every);
  return (step) => from * factor ** (step / every);
}
