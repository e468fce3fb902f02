// Closed forms in float64 of every loss, for the contract test: plain numbers, no TensorFlow.js.
import type { AdversarialLoss } from '@gankit/core';
import {
  began,
  type Divergence,
  dualContrastive,
  ebgan,
  fGan,
  hinge,
  leastSquares,
  minimax,
  nonSaturating,
  relativisticAverage,
  relativisticPairing,
  softmaxGan,
  squaredError,
  twoClassSoftmax,
  wasserstein,
} from './index.ts';

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

/** The two columns of [batch, 2] logits, and the log-probability of each class by its definition. */
const twoClass = (logits: Float64Array, targetOfReal: number) => {
  let total = 0;
  for (let row = 0; row < logits.length; row += 2) {
    const [real, fake] = [logits[row]!, logits[row + 1]!];
    total += targetOfReal * sp(fake - real) + (1 - targetOfReal) * sp(real - fake);
  }
  return total / (logits.length / 2);
};

/** f*(t) and g(v) as the paper's tables print them. */
const fTables: Readonly<Record<Divergence, { g(v: number): number; conjugate(t: number): number }>> = {
  kl: { g: (v) => v, conjugate: (t) => Math.exp(t - 1) },
  'reverse-kl': { g: (v) => -Math.exp(-v), conjugate: (t) => -1 - Math.log(-t) },
  pearson: { g: (v) => v, conjugate: (t) => t ** 2 / 4 + t },
  'squared-hellinger': { g: (v) => 1 - Math.exp(-v), conjugate: (t) => t / (1 - t) },
  'jensen-shannon': {
    g: (v) => Math.log(2) - Math.log(1 + Math.exp(-v)),
    conjugate: (t) => -Math.log(2 - Math.exp(t)),
  },
};

const fGanReferences = (Object.keys(fTables) as Divergence[]).flatMap((divergence) =>
  (['alternative', 'original'] as const).map((generatorObjective): LossReference => {
    const { g, conjugate } = fTables[divergence];
    return {
      title: `f-gan, ${divergence}, ${generatorObjective}`,
      domain: 'logit',
      make: () => fGan({ divergence, generatorObjective }),
      discriminator: (r, f) => mean(f, (v) => conjugate(g(v))) - mean(r, g),
      generator: (_, f) => -mean(f, generatorObjective === 'alternative' ? g : (v) => conjugate(g(v))),
    };
  }),
);

const sumExp = (values: Float64Array, sign = 1) => values.reduce((sum, value) => sum + Math.exp(sign * value), 0);

/** -log of the share that each of a has against all of b, in a softmax with itself. */
const contrast = (a: Float64Array, b: Float64Array, sign: number) =>
  mean(a, (x) => -Math.log(Math.exp(sign * x) / (Math.exp(sign * x) + sumExp(b, sign))));

const dual = (high: Float64Array, low: Float64Array) => contrast(high, low, 1) + contrast(low, high, -1);

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
  {
    title: 'least-squares',
    domain: 'logit',
    make: () => leastSquares(),
    discriminator: (r, f) => (mean(r, (x) => (x - 1) ** 2) + mean(f, (x) => x ** 2)) / 2,
    generator: (_, f) => mean(f, (x) => (x - 1) ** 2) / 2,
  },
  {
    title: 'least-squares, Pearson labels, symmetric smoothing',
    domain: 'logit',
    make: () =>
      leastSquares({ fakeLabel: -1, realLabel: 1, generatorLabel: 0, labelSmoothing: 0.2, smoothing: 'symmetric' }),
    discriminator: (r, f) => (mean(r, (x) => (x - 0.8) ** 2) + mean(f, (x) => (x + 0.8) ** 2)) / 2,
    generator: (_, f) => mean(f, (x) => x ** 2) / 2,
  },
  {
    title: 'wasserstein',
    domain: 'logit',
    make: () => wasserstein(),
    discriminator: (r, f) => mean(f) - mean(r),
    generator: (_, f) => -mean(f),
  },
  {
    title: 'hinge',
    domain: 'logit',
    make: () => hinge(),
    discriminator: (r, f) => mean(r, (x) => Math.max(0, 1 - x)) + mean(f, (x) => Math.max(0, 1 + x)),
    generator: (_, f) => -mean(f),
  },
  {
    title: 'relativistic-average',
    domain: 'logit',
    make: () => relativisticAverage(),
    discriminator: (r, f) => mean(r, (x) => sp(-(x - mean(f)))) + mean(f, (x) => sp(x - mean(r))),
    generator: (r, f) => mean(r, (x) => sp(x - mean(f))) + mean(f, (x) => sp(-(x - mean(r)))),
  },
  {
    title: 'relativistic-pairing',
    domain: 'logit',
    make: () => relativisticPairing(),
    discriminator: (r, f) => mean(r.map((x, index) => sp(-(x - f[index]!)))),
    generator: (r, f) => mean(r.map((x, index) => sp(-(f[index]! - x)))),
  },
  {
    title: 'two-class-softmax',
    domain: 'two-class',
    make: () => twoClassSoftmax(),
    discriminator: (r, f) => twoClass(r, 1) + twoClass(f, 0),
    generator: (_, f) => twoClass(f, 1),
  },
  {
    title: 'two-class-softmax, one-sided smoothing',
    domain: 'two-class',
    make: () => twoClassSoftmax({ labelSmoothing: 0.1 }),
    discriminator: (r, f) => twoClass(r, 0.9) + twoClass(f, 0),
    generator: (_, f) => twoClass(f, 1),
  },
  ...fGanReferences,
  {
    title: 'softmax-gan',
    domain: 'logit',
    make: () => softmaxGan(),
    discriminator: (r, f) => Math.log(sumExp(r) + sumExp(f)) - mean(r),
    generator: (r, f) => Math.log(sumExp(r) + sumExp(f)) - (mean(r) + mean(f)) / 2,
  },
  {
    title: 'ebgan',
    domain: 'energy',
    make: () => ebgan({ margin: 2.5 }),
    discriminator: (r, f) => mean(r) + mean(f, (x) => Math.max(0, 2.5 - x)),
    generator: (_, f) => mean(f),
  },
  {
    title: 'began',
    domain: 'energy',
    make: () => began(),
    discriminator: (r) => mean(r),
    generator: (_, f) => mean(f),
  },
  {
    title: 'dual-contrastive',
    domain: 'logit',
    make: () => dualContrastive(),
    discriminator: (r, f) => dual(r, f),
    generator: (r, f) => dual(f, r),
  },
  {
    title: 'dual-contrastive, minimax',
    domain: 'logit',
    make: () => dualContrastive({ generatorObjective: 'minimax' }),
    discriminator: (r, f) => dual(r, f),
    generator: (r, f) => -dual(r, f),
  },
  {
    title: 'squared-error',
    domain: 'logit',
    make: () => squaredError(),
    discriminator: () => 0,
    generator: (r, f) => mean(r.map((x, index) => (f[index]! - x) ** 2)),
  },
];
