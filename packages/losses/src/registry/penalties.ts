// Every penalty by name. Importing this bundles them all: for apps; libraries import the functions.
import { type Penalty, type Player, unknownNameError, type Verdict } from '@gankit/core';
import { balancedConsistency, consistency } from '../penalties/consistency.ts';
import { dragan } from '../penalties/dragan.ts';
import { featureMatching } from '../penalties/feature-matching.ts';
import { gradientPenalty } from '../penalties/gradient-penalty.ts';
import { historicalAveraging } from '../penalties/historical-averaging.ts';
import { latentConsistency } from '../penalties/latent-consistency.ts';
import { lecam } from '../penalties/lecam.ts';
import { maximumGradientPenalty } from '../penalties/maximum-gradient-penalty.ts';
import { modeSeeking } from '../penalties/mode-seeking.ts';
import { pathLength } from '../penalties/path-length.ts';
import { pullingAway } from '../penalties/pulling-away.ts';
import { r1 } from '../penalties/r1.ts';
import { r2 } from '../penalties/r2.ts';
import { wassersteinDivergence } from '../penalties/wasserstein-divergence.ts';
import { zeroCenteredGradientPenalty } from '../penalties/zero-centered-gradient-penalty.ts';
import { checkOptionValues, type OptionSchema, type OptionValues } from './option.ts';
import { intervalOption, playerOption, weightOption } from './shared-options.ts';

/** One penalty, as an app shows it. */
export interface PenaltyEntry {
  readonly name: string;
  /** What it is called in running text. */
  readonly title: string;
  /** One sentence: what it does and when to use it. */
  readonly description: string;
  /** Where it was published. */
  readonly source: string;
  /** Whose objective it can join. */
  readonly players: readonly Player[];
  /** What it needs of the discriminator besides its verdict: `features`, or heads by name. */
  readonly needsHeads: readonly string[];
  /** The verdicts that it can read; all of them when absent. */
  readonly verdicts?: readonly Verdict[] | undefined;
  readonly options: readonly OptionSchema[];
}

interface RegisteredPenalty extends PenaltyEntry {
  readonly create: (options: OptionValues) => Penalty;
}

/**
 * Ties a penalty function to the schemas of its options; the names are checked against the function's options type. What fits it is
 * asked of the penalty itself.
 */
function register<Options extends object>(
  create: (options?: Options) => Penalty,
  entry: Omit<PenaltyEntry, 'options' | 'needsHeads' | 'verdicts'> & {
    readonly options: readonly (OptionSchema & { readonly name: keyof Options & string })[];
  },
): RegisteredPenalty {
  const { needsHeads = [], verdicts } = create();
  // The values were checked against the schemas, whose names are keys of Options.
  return { ...entry, needsHeads, verdicts, create: (options) => create(options as Options) };
}

const discriminator = ['discriminator'] as const;
const generator = ['generator'] as const;
const either = ['discriminator', 'generator'] as const;

const registered: readonly RegisteredPenalty[] = [
  register(gradientPenalty, {
    name: 'gradient-penalty',
    title: 'Gradient penalty (WGAN-GP)',
    description:
      'holds the slope of the discriminator at 1 between data and fakes; the companion of the Wasserstein loss',
    source: 'Gulrajani et al. 2017',
    players: discriminator,
    options: [
      weightOption(10),
      { name: 'target', type: 'number', default: 1, minimum: 0, description: 'the slope that is wanted, above 0' },
      { name: 'oneSided', type: 'boolean', default: false, description: 'whether only steeper slopes are penalised' },
      intervalOption(),
    ],
  }),
  register(r1, {
    name: 'r1',
    title: 'R1',
    description: 'no slope at the real samples; the companion of the non-saturating loss',
    source: 'Mescheder, Geiger and Nowozin 2018',
    players: discriminator,
    options: [{ ...weightOption(10, 'gamma; the weight is half of it'), name: 'gamma' }, intervalOption()],
  }),
  register(r2, {
    name: 'r2',
    title: 'R2',
    description: 'no slope at the generated samples; with R1 the companion of the relativistic pairing loss',
    source: 'Mescheder, Geiger and Nowozin 2018',
    players: discriminator,
    options: [{ ...weightOption(10, 'gamma; the weight is half of it'), name: 'gamma' }, intervalOption()],
  }),
  register(dragan, {
    name: 'dragan',
    title: 'DRAGAN',
    description: 'holds the slope at 1 around the data, fakes not looked at',
    source: 'Kodali et al. 2017',
    players: discriminator,
    options: [weightOption(10), intervalOption()],
  }),
  register(maximumGradientPenalty, {
    name: 'maximum-gradient-penalty',
    title: 'Maximum gradient penalty',
    description: 'lowers the steepest slope of the batch, which bounds the Lipschitz constant',
    source: 'Zhou et al. 2019',
    players: discriminator,
    options: [weightOption(1), intervalOption()],
  }),
  register(zeroCenteredGradientPenalty, {
    name: 'zero-centered-gradient-penalty',
    title: 'Zero-centred gradient penalty',
    description: 'no slope between data and fakes',
    source: 'Thanh-Tung, Tran and Venkatesh 2019',
    players: discriminator,
    options: [weightOption(10), intervalOption()],
  }),
  register(wassersteinDivergence, {
    name: 'wasserstein-divergence',
    title: 'Wasserstein divergence (WGAN-div)',
    description: 'a high power of the slope at data and fakes, instead of a Lipschitz constraint',
    source: 'Wu et al. 2018',
    players: discriminator,
    options: [
      { ...weightOption(2, 'k; the weight is half of it'), name: 'k' },
      { name: 'p', type: 'number', default: 6, minimum: 2, description: 'the power' },
      intervalOption(),
    ],
  }),
  register(lecam, {
    name: 'lecam',
    title: 'LeCam regularisation',
    description: 'ties the verdicts to their own moving averages; for small data sets',
    source: 'Tseng et al. 2021',
    players: discriminator,
    options: [
      weightOption(0.3),
      {
        name: 'decay',
        type: 'number',
        default: 0.99,
        minimum: 0,
        maximum: 1,
        description: 'how much of the moving averages is kept in each update',
      },
      intervalOption(),
    ],
  }),
  register(consistency, {
    name: 'consistency',
    title: 'Consistency regularisation (CR)',
    description: 'the same verdict on a real sample and its augmented copy',
    source: 'Zhang et al. 2020',
    players: discriminator,
    options: [weightOption(10), intervalOption()],
  }),
  register(balancedConsistency, {
    name: 'balanced-consistency',
    title: 'Balanced consistency regularisation (bCR)',
    description: 'the same verdict on any sample and its augmented copy',
    source: 'Zhao et al. 2021',
    players: discriminator,
    options: [weightOption(10), intervalOption()],
  }),
  register(latentConsistency, {
    name: 'latent-consistency',
    title: 'Latent consistency regularisation (zCR)',
    description: 'a nudged latent gives a different sample (generator) but the same verdict (discriminator)',
    source: 'Zhao et al. 2021',
    players: either,
    options: [
      playerOption('discriminator'),
      weightOption(5),
      {
        name: 'standardDeviation',
        type: 'number',
        default: 0.07,
        minimum: 0,
        description: "size of the nudge in the latent's units",
      },
      intervalOption(),
    ],
  }),
  register(featureMatching, {
    name: 'feature-matching',
    title: 'Feature matching',
    description: "the generator meets the mean of the discriminator's features; steadier, less sharp",
    source: 'Salimans et al. 2016',
    players: generator,
    options: [
      weightOption(1),
      {
        name: 'norm',
        type: 'choice',
        default: 'l2',
        choices: ['l2', 'l1'],
        description: 'squared distance, or the sum of absolute differences',
      },
      {
        name: 'layers',
        type: 'choice',
        default: 'last',
        choices: ['last', 'all'],
        description: 'the last layer of features, or all of them',
      },
      intervalOption(),
    ],
  }),
  register(historicalAveraging, {
    name: 'historical-averaging',
    title: 'Historical averaging',
    description: "holds a player's parameters near the mean of all they have been",
    source: 'Salimans et al. 2016',
    players: either,
    options: [playerOption('discriminator'), weightOption(1), intervalOption()],
  }),
  register(pullingAway, {
    name: 'pulling-away',
    title: 'Pulling-away term',
    description: 'the samples of a batch should differ in their features; made for EBGAN',
    source: 'Zhao, Mathieu and LeCun 2017',
    players: generator,
    options: [weightOption(0.1), intervalOption()],
  }),
  register(modeSeeking, {
    name: 'mode-seeking',
    title: 'Mode seeking',
    description: 'different latents must give different samples',
    source: 'Mao et al. 2019',
    players: generator,
    options: [
      weightOption(1),
      {
        name: 'epsilon',
        type: 'number',
        default: 1e-5,
        minimum: 1e-12,
        description: 'added to the ratio before it is inverted',
      },
      intervalOption(),
    ],
  }),
  register(pathLength, {
    name: 'path-length',
    title: 'Path length regularisation',
    description: 'equal steps in latent space make equal changes in the sample',
    source: 'Karras et al. 2020',
    players: generator,
    options: [
      weightOption(2),
      {
        name: 'decay',
        type: 'number',
        default: 0.01,
        minimum: 0,
        maximum: 1,
        description: 'how much of each batch enters the running mean length',
      },
      intervalOption(),
    ],
  }),
];

/** Every penalty, in the order in which an app lists them. */
export const penaltyEntries: readonly PenaltyEntry[] = registered;

/** The names of every penalty. */
export const penaltyNames: readonly string[] = registered.map((entry) => entry.name);

function find(name: string): RegisteredPenalty {
  const entry = registered.find((candidate) => candidate.name === name);
  if (entry === undefined) throw unknownNameError('penalty', name, penaltyNames);
  return entry;
}

/**
 * What is known of a penalty.
 * @throws GanKitError `unknown-name`.
 */
export function penaltyEntry(name: string): PenaltyEntry {
  return find(name);
}

/**
 * Makes a penalty by name.
 * @param options By the names of its schema; those left out take their defaults.
 * @throws GanKitError `unknown-name` for a penalty or option that does not exist, `invalid-argument` for a value out of range.
 */
export function createPenalty(name: string, options: OptionValues = {}): Penalty {
  const entry = find(name);
  checkOptionValues(name, entry.options, options);
  return entry.create(options);
}
