// Every adversarial loss by name. Importing this bundles them all: for apps; libraries import the functions.
import {
  type AdversarialLoss,
  checkOptions,
  type Decision,
  GanKitError,
  type RandomStream,
  unknownNameError,
  type Verdict,
} from '@gankit/core';
import { began } from '../began.ts';
import { dualContrastive } from '../dual-contrastive.ts';
import { ebgan } from '../ebgan.ts';
import { divergences, fGan } from '../f-gan.ts';
import { hinge } from '../hinge.ts';
import type { LabelOptions } from '../labels.ts';
import { leastSquares } from '../least-squares.ts';
import { minimax } from '../minimax.ts';
import { nonSaturating } from '../non-saturating.ts';
import { relativisticAverage } from '../relativistic-average.ts';
import { relativisticPairing } from '../relativistic-pairing.ts';
import { softmaxGan } from '../softmax-gan.ts';
import { squaredError } from '../squared-error.ts';
import { twoClassSoftmax } from '../two-class-softmax.ts';
import { wasserstein } from '../wasserstein.ts';
import { checkOptionValues, type OptionSchema, type OptionValues } from './option.ts';
import { labelOptions } from './shared-options.ts';

/** One adversarial loss, as an app shows it. */
export interface LossEntry {
  readonly name: string;
  /** What it is called in running text. */
  readonly title: string;
  /** One sentence: what it does and when to use it. */
  readonly description: string;
  /** Where it was published. */
  readonly source: string;
  readonly options: readonly OptionSchema[];
  /** What the discriminator's output must be. */
  readonly verdict: Verdict;
  /** Where the line between real and generated lies, with the default options; a loss that was made knows its own. */
  readonly decision: Decision;
  /** Whether the sigmoid of an output is a probability, with the default options. */
  readonly probabilities: boolean;
}

/** What losses may need besides their options. */
export interface LossContext {
  /** Where label flips are drawn from; needed when `labelFlipping` is not 0. */
  readonly random?: RandomStream | undefined;
}

interface RegisteredLoss extends LossEntry {
  readonly create: (options: OptionValues, context: LossContext) => AdversarialLoss;
}

type Described<Options> = Pick<LossEntry, 'name' | 'title' | 'description' | 'source'> & {
  readonly options: readonly (OptionSchema & { readonly name: keyof Options & string })[];
};

/**
 * Ties a loss function to the schemas of its options; the names are checked against the function's options type. How the loss is read
 * is asked of the loss itself.
 */
function register<Options extends object>(
  create: (options?: Options) => AdversarialLoss,
  entry: Described<Options>,
): RegisteredLoss {
  const { verdict = 'logit', decision = 'none', probabilities = false } = create();
  // The values were checked against the schemas, whose names are keys of Options.
  return { ...entry, verdict, decision, probabilities, create: (options) => create(options as Options) };
}

/** The same for a loss that tells the discriminator labels: these options come last, and it may need a random stream. */
function registerLabelled<Options extends LabelOptions>(
  create: (options?: Options) => AdversarialLoss,
  entry: Described<Options>,
): RegisteredLoss {
  return {
    ...register(create, { ...entry, options: [...entry.options, ...labelOptions] }),
    create: (options, { random }) => create({ ...options, random } as Options),
  };
}

const registered: readonly RegisteredLoss[] = [
  registerLabelled(nonSaturating, {
    name: 'non-saturating',
    title: 'Non-saturating',
    description: 'the default: the generator is told to call its samples real',
    source: 'Goodfellow et al. 2014, section 3',
    options: [],
  }),
  registerLabelled(minimax, {
    name: 'minimax',
    title: 'Minimax (saturating)',
    description: 'the zero-sum game; its generator stops learning when the discriminator is sure',
    source: 'Goodfellow et al. 2014, equation 1',
    options: [],
  }),
  registerLabelled(leastSquares, {
    name: 'least-squares',
    title: 'Least squares (LSGAN)',
    description: 'regression onto labels; never saturates, and is easily trained',
    source: 'Mao et al. 2017',
    options: [
      {
        name: 'fakeLabel',
        type: 'number',
        default: 0,
        description: "a, the discriminator's label for generated samples",
      },
      { name: 'realLabel', type: 'number', default: 1, description: "b, the discriminator's label for real samples" },
      { name: 'generatorLabel', type: 'number', default: 1, description: 'c, the answer that the generator wants' },
    ],
  }),
  register(wasserstein, {
    name: 'wasserstein',
    title: 'Wasserstein',
    description: 'the difference of mean scores; needs a gradient penalty or clipped weights',
    source: 'Arjovsky, Chintala and Bottou 2017',
    options: [],
  }),
  register(hinge, {
    name: 'hinge',
    title: 'Hinge',
    description: 'samples that are judged right by a margin teach nothing more; goes with spectral normalisation',
    source: 'Lim and Ye 2017; Miyato et al. 2018',
    options: [],
  }),
  register(relativisticAverage, {
    name: 'relativistic-average',
    title: 'Relativistic average',
    description: 'is a real sample more real than the average generated one?',
    source: 'Jolicoeur-Martineau 2018',
    options: [],
  }),
  register(relativisticPairing, {
    name: 'relativistic-pairing',
    title: 'Relativistic pairing (R3GAN)',
    description: 'is this real sample more real than that generated one? Drops few modes; needs R1 and R2',
    source: 'Jolicoeur-Martineau 2018; Huang et al. 2024',
    options: [],
  }),
  registerLabelled(twoClassSoftmax, {
    name: 'two-class-softmax',
    title: 'Two-class softmax',
    description: 'the discriminator as a classifier with two units, real and generated',
    source: 'the Chainer DCGAN of 2015',
    options: [],
  }),
  register(fGan, {
    name: 'f-gan',
    title: 'f-GAN',
    description: 'any of five f-divergences; use a small learning rate',
    source: 'Nowozin, Cseke and Tomioka 2016',
    options: [
      {
        name: 'divergence',
        type: 'choice',
        default: 'kl',
        choices: divergences,
        description: 'the divergence between data and generator',
      },
      {
        name: 'generatorObjective',
        type: 'choice',
        default: 'alternative',
        choices: ['alternative', 'original'],
        description: 'the form that does not saturate, or the bound itself',
      },
    ],
  }),
  register(softmaxGan, {
    name: 'softmax-gan',
    title: 'Softmax GAN',
    description: 'the whole batch, real and generated, competes in one softmax',
    source: 'Lin 2017',
    options: [],
  }),
  register(ebgan, {
    name: 'ebgan',
    title: 'Energy-based (EBGAN)',
    description: 'an autoencoding discriminator, pushed up to a margin on fakes',
    source: 'Zhao, Mathieu and LeCun 2017',
    options: [
      {
        name: 'margin',
        type: 'number',
        default: 10,
        minimum: 0,
        description: 'the energy up to which fakes are pushed, above 0, in the units of the reconstruction error',
      },
    ],
  }),
  register(began, {
    name: 'began',
    title: 'Boundary equilibrium (BEGAN)',
    description: 'an autoencoding discriminator whose balance with the generator is kept by a controller',
    source: 'Berthelot, Schumm and Metz 2017',
    options: [
      {
        name: 'gamma',
        type: 'number',
        default: 0.75,
        minimum: 0,
        maximum: 1,
        description: 'the wanted ratio of the energies of generated and real samples, above 0; lower is less diverse',
      },
      { name: 'lambda', type: 'number', default: 0.001, minimum: 0, description: 'how fast the controller follows' },
    ],
  }),
  register(dualContrastive, {
    name: 'dual-contrastive',
    title: 'Dual contrastive',
    description: 'pick the one real sample among the fakes, and the one fake among the real samples',
    source: 'Yu et al. 2021',
    options: [
      {
        name: 'generatorObjective',
        type: 'choice',
        default: 'swapped',
        choices: ['swapped', 'minimax'],
        description: "the same game with the roles exchanged, or the negative of the discriminator's loss",
      },
    ],
  }),
  register(squaredError, {
    name: 'squared-error',
    title: 'Squared error',
    description: 'no game: generated and real samples are compared number by number, which blurs',
    source: 'the baseline',
    options: [],
  }),
];

/** Every loss, in the order in which an app lists them. */
export const lossEntries: readonly LossEntry[] = registered;

/** The names of every loss. */
export const lossNames: readonly string[] = registered.map((entry) => entry.name);

function find(name: string): RegisteredLoss {
  const entry = registered.find((candidate) => candidate.name === name);
  if (entry === undefined) throw unknownNameError('loss', name, lossNames);
  return entry;
}

/**
 * What is known of a loss.
 * @throws GanKitError `unknown-name`.
 */
export function lossEntry(name: string): LossEntry {
  return find(name);
}

/**
 * Makes a loss by name.
 * @param options By the names of its schema; those left out take their defaults.
 * @param context What it may need besides.
 * @throws GanKitError `unknown-name` for a loss or option that does not exist, `invalid-argument` for a value out of range, or for flipped
 *   labels without a random stream.
 */
export function createLoss(name: string, options: OptionValues = {}, context: LossContext = {}): AdversarialLoss {
  const entry = find(name);
  checkOptionValues(name, entry.options, options);
  checkOptions('createLoss', context, { random: 'optional' });
  const needsRandom = typeof options['labelFlipping'] === 'number' && options['labelFlipping'] > 0;
  if (needsRandom && context.random === undefined) {
    throw new GanKitError('invalid-argument', `${name} with labelFlipping needs a random stream in its context.`);
  }
  return entry.create(options, context);
}
