// Every adversarial loss by name. Importing this bundles them all: for apps; libraries import the functions.
import { type AdversarialLoss, type Decision, GanKitError, type RandomStream, type Verdict } from '@gankit/core';
import { choice, createPart, type Entry, number, type OptionEntries, option, registry } from '@gankit/core/registry';
import { began } from '../began.ts';
import { dualContrastive } from '../dual-contrastive.ts';
import { ebgan } from '../ebgan.ts';
import { divergences, fGan } from '../f-gan.ts';
import { hinge } from '../hinge.ts';
import { leastSquares } from '../least-squares.ts';
import { minimax } from '../minimax.ts';
import { nonSaturating } from '../non-saturating.ts';
import { relativisticAverage } from '../relativistic-average.ts';
import { relativisticPairing } from '../relativistic-pairing.ts';
import { softmaxGan } from '../softmax-gan.ts';
import { squaredError } from '../squared-error.ts';
import { twoClassSoftmax } from '../two-class-softmax.ts';
import { wasserstein } from '../wasserstein.ts';
import { labelOptions } from './shared-options.ts';

/** What losses may need besides their options. */
export interface LossContext {
  /** Where label flips are drawn from; needed when `labelFlipping` is not 0. */
  readonly random?: RandomStream | undefined;
}

/** How a loss is read, with its default options; a loss that was made knows its own. */
export interface LossReading {
  /** What the discriminator's output must be. */
  readonly verdict: Verdict;
  /** Where the line between real and generated lies. */
  readonly decision: Decision;
  /** Whether the sigmoid of an output is a probability. */
  readonly probabilities: boolean;
}

/** An entry with what its loss says of itself. */
function loss<const Name extends string, const Entries extends OptionEntries>(
  entry: Entry<AdversarialLoss, LossContext, Entries, Name>,
): Entry<AdversarialLoss, LossContext, Entries, Name> & LossReading {
  const { verdict = 'logit', decision = 'none', probabilities = false } = createPart(entry, {}, {});
  return { ...entry, verdict, decision, probabilities };
}

/** The label options with the stream that flips are drawn from. */
function labels<Options extends { readonly labelFlipping: number }>(
  name: string,
  options: Options,
  { random }: LossContext,
) {
  if (options.labelFlipping > 0 && random === undefined) {
    throw new GanKitError('invalid-argument', `${name} with labelFlipping needs a random stream in its context.`);
  }
  return { ...options, random };
}

/** Every adversarial loss. */
export const losses = registry('loss', [
  loss({
    name: 'non-saturating',
    title: 'Non-saturating',
    description: 'the default: the generator is told to call its samples real',
    source: 'Goodfellow et al. 2014, section 3',
    options: {
      ...labelOptions,
    },
    create: (options, context) => nonSaturating(labels('non-saturating', options, context)),
  }),
  loss({
    name: 'minimax',
    title: 'Minimax (saturating)',
    description: 'the zero-sum game; its generator stops learning when the discriminator is sure',
    source: 'Goodfellow et al. 2014, equation 1',
    options: {
      ...labelOptions,
    },
    create: (options, context) => minimax(labels('minimax', options, context)),
  }),
  loss({
    name: 'least-squares',
    title: 'Least squares (LSGAN)',
    description: 'regression onto labels; never saturates, and is easily trained',
    source: 'Mao et al. 2017',
    options: {
      fakeLabel: option(number(), { default: 0, description: "a, the discriminator's label for generated samples" }),
      realLabel: option(number(), { default: 1, description: "b, the discriminator's label for real samples" }),
      generatorLabel: option(number(), { default: 1, description: 'c, the answer that the generator wants' }),
      ...labelOptions,
    },
    create: (options, context) => leastSquares(labels('least-squares', options, context)),
  }),
  loss({
    name: 'wasserstein',
    title: 'Wasserstein',
    description: 'the difference of mean scores; needs a gradient penalty or clipped weights',
    source: 'Arjovsky, Chintala and Bottou 2017',
    options: {},
    create: () => wasserstein(),
  }),
  loss({
    name: 'hinge',
    title: 'Hinge',
    description: 'samples that are judged right by a margin teach nothing more; goes with spectral normalisation',
    source: 'Lim and Ye 2017; Miyato et al. 2018',
    options: {},
    create: () => hinge(),
  }),
  loss({
    name: 'relativistic-average',
    title: 'Relativistic average',
    description: 'is a real sample more real than the average generated one?',
    source: 'Jolicoeur-Martineau 2018',
    options: {},
    create: () => relativisticAverage(),
  }),
  loss({
    name: 'relativistic-pairing',
    title: 'Relativistic pairing (R3GAN)',
    description: 'is this real sample more real than that generated one? Drops few modes; needs R1 and R2',
    source: 'Jolicoeur-Martineau 2018; Huang et al. 2024',
    options: {},
    create: () => relativisticPairing(),
  }),
  loss({
    name: 'two-class-softmax',
    title: 'Two-class softmax',
    description: 'the discriminator as a classifier with two units, real and generated',
    source: 'the Chainer DCGAN of 2015',
    options: {
      ...labelOptions,
    },
    create: (options, context) => twoClassSoftmax(labels('two-class-softmax', options, context)),
  }),
  loss({
    name: 'f-gan',
    title: 'f-GAN',
    description: 'any of five f-divergences; use a small learning rate',
    source: 'Nowozin, Cseke and Tomioka 2016',
    options: {
      divergence: option(choice(divergences), {
        default: 'kl',
        description: 'the divergence between data and generator',
      }),
      generatorObjective: option(choice(['alternative', 'original']), {
        default: 'alternative',
        description: 'the form that does not saturate, or the bound itself',
      }),
    },
    create: (options) => fGan(options),
  }),
  loss({
    name: 'softmax-gan',
    title: 'Softmax GAN',
    description: 'the whole batch, real and generated, competes in one softmax',
    source: 'Lin 2017',
    options: {},
    create: () => softmaxGan(),
  }),
  loss({
    name: 'ebgan',
    title: 'Energy-based (EBGAN)',
    description: 'an autoencoding discriminator, pushed up to a margin on fakes',
    source: 'Zhao, Mathieu and LeCun 2017',
    options: {
      margin: option(number({ minimum: 0 }), {
        default: 10,
        description: 'the energy up to which fakes are pushed, above 0, in the units of the reconstruction error',
      }),
    },
    create: (options) => ebgan(options),
  }),
  loss({
    name: 'began',
    title: 'Boundary equilibrium (BEGAN)',
    description: 'an autoencoding discriminator whose balance with the generator is kept by a controller',
    source: 'Berthelot, Schumm and Metz 2017',
    options: {
      gamma: option(number({ minimum: 0, maximum: 1 }), {
        default: 0.75,
        description: 'the wanted ratio of the energies of generated and real samples, above 0; lower is less diverse',
      }),
      lambda: option(number({ minimum: 0 }), { default: 0.001, description: 'how fast the controller follows' }),
    },
    create: (options) => began(options),
  }),
  loss({
    name: 'dual-contrastive',
    title: 'Dual contrastive',
    description: 'pick the one real sample among the fakes, and the one fake among the real samples',
    source: 'Yu et al. 2021',
    options: {
      generatorObjective: option(choice(['swapped', 'minimax']), {
        default: 'swapped',
        description: "the same game with the roles exchanged, or the negative of the discriminator's loss",
      }),
    },
    create: (options) => dualContrastive(options),
  }),
  loss({
    name: 'squared-error',
    title: 'Squared error',
    description: 'no game: generated and real samples are compared number by number, which blurs',
    source: 'the baseline',
    options: {},
    create: () => squaredError(),
  }),
]);
