// Every optimiser by name, with what may stand in front of it. Importing this bundles them all: for apps; libraries import the functions.
import type { Optimizer, Scheduled } from '@gankit/core';
import { entryOf, flag, type NamedPart, number, option, registry, wholeNumber } from '@gankit/core/registry';
import { accumulateGradients } from '../optimizers/accumulate-gradients.ts';
import { adam } from '../optimizers/adam.ts';
import { adamW } from '../optimizers/adam-w.ts';
import { clipByGlobalNorm } from '../optimizers/clip-by-global-norm.ts';
import { clipByValue } from '../optimizers/clip-by-value.ts';
import { rmsProp } from '../optimizers/rms-prop.ts';
import { sgd } from '../optimizers/sgd.ts';
import { type RateContext, rates } from './rates.ts';

const decay = number({ minimum: 0, maximum: 1 });
const positive = number({ minimum: 0 });

const rateOption = (defaultValue: number) =>
  option(positive, { default: defaultValue, description: 'the step size, before `rate`' });

/** What every optimiser takes besides its own options. */
const aroundOptions = {
  rate: option(rates.schema, { description: 'how the learning rate changes over the run; constant when absent' }),
  clipNorm: option(positive, { description: 'the greatest norm of all gradients together, above 0; none when absent' }),
  clipValue: option(positive, { description: 'the greatest size of each gradient, above 0; none when absent' }),
  accumulate: option(wholeNumber(), {
    default: 1,
    description: 'batches whose gradients are averaged for one update',
  }),
};

interface Around {
  readonly learningRate: number;
  readonly rate?: NamedPart | undefined;
  readonly clipNorm?: number | undefined;
  readonly clipValue?: number | undefined;
  readonly accumulate: number;
}

/** An optimiser with what stands in front of it, its rate as the run goes on. */
function around<Own extends Around>(
  { rate, clipNorm, clipValue, accumulate, learningRate, ...own }: Own,
  context: RateContext,
  make: (options: Omit<Own, keyof Around> & { readonly learningRate: Scheduled }) => Optimizer,
): Optimizer {
  const factor = rate === undefined ? undefined : rates.create(rate, context);
  const scheduled = factor === undefined ? learningRate : (step: number) => learningRate * factor(step);
  let optimizer = make({ ...own, learningRate: scheduled } as never);
  if (clipNorm !== undefined) optimizer = clipByGlobalNorm(optimizer, clipNorm);
  if (clipValue !== undefined) optimizer = clipByValue(optimizer, clipValue);
  return accumulate === 1 ? optimizer : accumulateGradients(optimizer, accumulate);
}

const adamOptions = (weightDecay: number, decayOf: string) => ({
  learningRate: rateOption(1e-3),
  beta1: option(decay, {
    default: 0.9,
    description: 'decay of the mean of gradients, below 1; 0 or 0.5 are usual in GANs',
  }),
  beta2: option(decay, { default: 0.999, description: 'decay of the mean of squared gradients, below 1' }),
  epsilon: option(positive, { default: 1e-8, description: 'added to the denominator' }),
  weightDecay: option(positive, { default: weightDecay, description: decayOf }),
  amsgrad: option(flag(), { default: false, description: 'divide by the greatest second moment so far' }),
  ...aroundOptions,
});

const optimizer = entryOf<Optimizer, RateContext>();

/** Every optimiser. */
export const optimizers = registry('optimizer', [
  optimizer({
    name: 'adam',
    title: 'Adam',
    description: 'the usual optimiser of GANs',
    source: 'Kingma and Ba 2015',
    options: adamOptions(0, 'an L2 penalty that is added to the gradient'),
    create: (options, context: RateContext) => around(options, context, adam),
  }),
  optimizer({
    name: 'adam-w',
    title: 'AdamW',
    description: 'Adam with weight decay apart from the gradient',
    source: 'Loshchilov and Hutter 2019',
    options: adamOptions(0.01, 'the share of each weight that is taken away in an update, times the rate'),
    create: (options, context: RateContext) => around(options, context, adamW),
  }),
  optimizer({
    name: 'sgd',
    title: 'Gradient descent',
    description: 'plain, or with momentum',
    source: 'Sutskever et al. 2013 for the momentum',
    options: {
      learningRate: rateOption(0.01),
      momentum: option(positive, { default: 0, description: 'decay of the velocity; 0 keeps none' }),
      nesterov: option(flag(), { default: false, description: 'look ahead; needs momentum' }),
      weightDecay: option(positive, { default: 0, description: 'an L2 penalty that is added to the gradient' }),
      ...aroundOptions,
    },
    create: (options, context: RateContext) => around(options, context, sgd),
  }),
  optimizer({
    name: 'rms-prop',
    title: 'RMSProp',
    description: 'gradients over the root of their mean squares; what the first Wasserstein GAN used',
    source: 'Hinton 2012',
    options: {
      learningRate: rateOption(0.01),
      decay: option(decay, { default: 0.99, description: 'decay of the mean of squared gradients' }),
      epsilon: option(positive, { default: 1e-8, description: 'added to the denominator' }),
      momentum: option(positive, { default: 0, description: 'decay of the velocity; 0 keeps none' }),
      centered: option(flag(), { default: false, description: 'divide by the estimated variance' }),
      weightDecay: option(positive, { default: 0, description: 'an L2 penalty that is added to the gradient' }),
      ...aroundOptions,
    },
    create: (options, context: RateContext) => around(options, context, rmsProp),
  }),
]);
