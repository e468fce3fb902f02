// How a learning rate changes over a run, by name: each is a factor on the rate that the optimiser is given.
import { entryOf, number, option, registry, required, wholeNumber } from '@gankit/core/registry';
import { cosineRate, exponentialRate, stepRate } from '../optimizers/learning-rates/index.ts';

/** What a rate may depend on besides its options. */
export interface RateContext {
  /** Steps of the whole run. */
  readonly steps: number;
}

/** A factor on a learning rate, by the training step. */
export type RateFactor = (step: number) => number;

const share = number({ minimum: 0, maximum: 1 });
const end = option(number({ minimum: 0 }), { default: 0, description: 'the factor at the end of the run' });

const rate = entryOf<RateFactor, RateContext>();

/** Every way in which a learning rate can change. */
export const rates = registry('rate', [
  rate({
    name: 'constant',
    title: 'Constant',
    description: 'the same rate throughout',
    source: 'the default',
    options: {},
    create: () => () => 1,
  }),
  rate({
    name: 'linear',
    title: 'Linear decay',
    description: 'kept for a share of the run, then down in a straight line',
    source: 'Isola et al. 2017 (pix2pix), Zhu et al. 2017 (CycleGAN)',
    options: {
      hold: option(share, { default: 0.5, description: 'the share of the run in which the rate is kept' }),
      to: end,
    },
    create({ hold, to }, { steps }: RateContext) {
      const kept = Math.round(hold * steps);
      if (kept >= steps) return () => 1;
      return (step) => to + (1 - to) * Math.min(1, Math.max(0, (steps - step) / (steps - kept)));
    },
  }),
  rate({
    name: 'cosine',
    title: 'Cosine decay',
    description: 'down along half a cosine wave over the whole run',
    source: 'Loshchilov and Hutter 2017, equation 5',
    options: { to: end },
    create: ({ to }, { steps }: RateContext) => cosineRate({ from: 1, to, iterations: steps }),
  }),
  rate({
    name: 'step',
    title: 'Step decay',
    description: 'drops at regular distances',
    source: "PyTorch's StepLR",
    options: {
      factor: option(number({ minimum: 0 }), {
        default: 0.1,
        description: 'what the rate is multiplied by at each drop',
      }),
      every: required(wholeNumber(), 'steps between two drops'),
    },
    create: ({ factor, every }) => stepRate({ from: 1, factor, every }),
  }),
  rate({
    name: 'exponential',
    title: 'Exponential decay',
    description: 'falls by the same factor in equal times',
    source: "PyTorch's ExponentialLR",
    options: {
      factor: required(number({ minimum: 0 }), 'what the rate is multiplied by over `every` steps'),
      every: option(wholeNumber(), { default: 1, description: 'the steps over which the factor applies once' }),
    },
    create: ({ factor, every }) => exponentialRate({ from: 1, factor, every }),
  }),
]);
