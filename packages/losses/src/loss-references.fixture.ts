// Closed forms in float64 of every loss, for the contract test: plain numbers, no TensorFlow.js.
import type { AdversarialLoss } from '@gankit/core';
import { minimax, nonSaturating } from './index.ts';

/** One row of the contract's table. */
export interface LossReference {
  readonly title: string;
  /** What numbers the logits may be. */
  readonly domain: 'logit' | 'energy' | 'two-class';
  make(): AdversarialLoss;
  discriminator(real: Float64Array, fake: Float64Array): number;
  generator(real: Float64Array, fake: Float64Array): number;
}

const mean = (values: Float64Array, f: (x: number) => number = (x) => x) =>
  values.reduce((sum, value) => sum + f(value), 0) / values.length;

/** softplus, the stable way. */
const sp = (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

/** Cross-entropy of sigmoid(logit) with a target, straight from its definition. */
const bce = (target: number) => (logit: number) => target * sp(-logit) + (1 - target) * sp(logit);

export const lossReferences: readonly LossReference[] = [
  {
    title: 'minimax',
    domain: 'logit',
    make: () => minimax(),
    discriminator: (r, f) => mean(r, (x) => sp(-x)) + mean(f, sp),
    generator: (_, f) => -mean(f, sp),
  },
  {
    title: 'non-saturating',
    domain: 'logit',
    make: () => nonSaturating(),
    discriminator: (r, f) => mean(r, (x) => sp(-x)) + mean(f, sp),
    generator: (_, f) => mean(f, (x) => sp(-x)),
  },
  {
    title: 'non-saturating, one-sided smoothing',
    domain: 'logit',
    make: () => nonSaturating({ labelSmoothing: 0.1 }),
    discriminator: (r, f) => mean(r, bce(0.9)) + mean(f, bce(0)),
    generator: (_, f) => mean(f, bce(1)),
  },
  {
    title: 'minimax, symmetric smoothing',
    domain: 'logit',
    make: () => minimax({ labelSmoothing: 0.2, smoothing: 'symmetric' }),
    discriminator: (r, f) => mean(r, bce(0.9)) + mean(f, bce(0.1)),
    generator: (_, f) => -mean(f, bce(0)),
  },
];
