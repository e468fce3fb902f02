// Every penalty by name. Importing this bundles them all: for apps; libraries import the functions.
import type { Penalty, Player, Verdict } from '@gankit/core';
import {
  choice,
  createPart,
  type Entry,
  flag,
  number,
  type OptionEntries,
  option,
  registry,
} from '@gankit/core/registry';
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
import { interval, playerOption, weightOption } from './shared-options.ts';

/** Where a penalty fits. */
export interface PenaltyFit {
  /** Whose objective it can join. */
  readonly players: readonly Player[];
  /** What it needs of the discriminator besides its verdict: `features`, or heads by name. */
  readonly needsHeads: readonly string[];
  /** The verdicts that it can read; all of them when absent. */
  readonly verdicts?: readonly Verdict[] | undefined;
}

/** An entry with what its penalty says of itself; a penalty with the option `player` can join either. */
function penalty<const Name extends string, const Entries extends OptionEntries>(
  entry: Entry<Penalty, void, Entries, Name>,
): Entry<Penalty, void, Entries, Name> & PenaltyFit {
  const { needsHeads = [], verdicts, player } = createPart(entry, {}, undefined);
  const players: readonly Player[] = 'player' in entry.options ? ['discriminator', 'generator'] : [player];
  return { ...entry, players, needsHeads, verdicts };
}

/** Every penalty. */
export const penalties = registry('penalty', [
  penalty({
    name: 'gradient-penalty',
    title: 'Gradient penalty (WGAN-GP)',
    description:
      'holds the slope of the discriminator at 1 between data and fakes; the companion of the Wasserstein loss',
    source: 'Gulrajani et al. 2017',
    options: {
      weight: weightOption(10),
      target: option(number({ minimum: 0 }), { default: 1, description: 'the slope that is wanted, above 0' }),
      oneSided: option(flag(), { default: false, description: 'whether only steeper slopes are penalised' }),
      interval,
    },
    create: (options) => gradientPenalty(options),
  }),
  penalty({
    name: 'r1',
    title: 'R1',
    description: 'no slope at the real samples; the companion of the non-saturating loss',
    source: 'Mescheder, Geiger and Nowozin 2018',
    options: {
      gamma: weightOption(10, 'gamma; the weight is half of it'),
      interval,
    },
    create: (options) => r1(options),
  }),
  penalty({
    name: 'r2',
    title: 'R2',
    description: 'no slope at the generated samples; with R1 the companion of the relativistic pairing loss',
    source: 'Mescheder, Geiger and Nowozin 2018',
    options: {
      gamma: weightOption(10, 'gamma; the weight is half of it'),
      interval,
    },
    create: (options) => r2(options),
  }),
  penalty({
    name: 'dragan',
    title: 'DRAGAN',
    description: 'holds the slope at 1 around the data, fakes not looked at',
    source: 'Kodali et al. 2017',
    options: {
      weight: weightOption(10),
      interval,
    },
    create: (options) => dragan(options),
  }),
  penalty({
    name: 'maximum-gradient-penalty',
    title: 'Maximum gradient penalty',
    description: 'lowers the steepest slope of the batch, which bounds the Lipschitz constant',
    source: 'Zhou et al. 2019',
    options: {
      weight: weightOption(1),
      interval,
    },
    create: (options) => maximumGradientPenalty(options),
  }),
  penalty({
    name: 'zero-centered-gradient-penalty',
    title: 'Zero-centred gradient penalty',
    description: 'no slope between data and fakes',
    source: 'Thanh-Tung, Tran and Venkatesh 2019',
    options: {
      weight: weightOption(10),
      interval,
    },
    create: (options) => zeroCenteredGradientPenalty(options),
  }),
  penalty({
    name: 'wasserstein-divergence',
    title: 'Wasserstein divergence (WGAN-div)',
    description: 'a high power of the slope at data and fakes, instead of a Lipschitz constraint',
    source: 'Wu et al. 2018',
    options: {
      k: weightOption(2, 'k; the weight is half of it'),
      p: option(number({ minimum: 2 }), { default: 6, description: 'the power' }),
      interval,
    },
    create: (options) => wassersteinDivergence(options),
  }),
  penalty({
    name: 'lecam',
    title: 'LeCam regularisation',
    description: 'ties the verdicts to their own moving averages; for small data sets',
    source: 'Tseng et al. 2021',
    options: {
      weight: weightOption(0.3),
      decay: option(number({ minimum: 0, maximum: 1 }), {
        default: 0.99,
        description: 'how much of the moving averages is kept in each update',
      }),
      interval,
    },
    create: (options) => lecam(options),
  }),
  penalty({
    name: 'consistency',
    title: 'Consistency regularisation (CR)',
    description: 'the same verdict on a real sample and its augmented copy',
    source: 'Zhang et al. 2020',
    options: {
      weight: weightOption(10),
      interval,
    },
    create: (options) => consistency(options),
  }),
  penalty({
    name: 'balanced-consistency',
    title: 'Balanced consistency regularisation (bCR)',
    description: 'the same verdict on any sample and its augmented copy',
    source: 'Zhao et al. 2021',
    options: {
      weight: weightOption(10),
      interval,
    },
    create: (options) => balancedConsistency(options),
  }),
  penalty({
    name: 'latent-consistency',
    title: 'Latent consistency regularisation (zCR)',
    description: 'a nudged latent gives a different sample (generator) but the same verdict (discriminator)',
    source: 'Zhao et al. 2021',
    options: {
      player: playerOption('discriminator'),
      weight: weightOption(5),
      standardDeviation: option(number({ minimum: 0 }), {
        default: 0.07,
        description: "size of the nudge in the latent's units",
      }),
      interval,
    },
    create: (options) => latentConsistency(options),
  }),
  penalty({
    name: 'feature-matching',
    title: 'Feature matching',
    description: "the generator meets the mean of the discriminator's features; steadier, less sharp",
    source: 'Salimans et al. 2016',
    options: {
      weight: weightOption(1),
      norm: option(choice(['l2', 'l1']), {
        default: 'l2',
        description: 'squared distance, or the sum of absolute differences',
      }),
      layers: option(choice(['last', 'all']), {
        default: 'last',
        description: 'the last layer of features, or all of them',
      }),
      interval,
    },
    create: (options) => featureMatching(options),
  }),
  penalty({
    name: 'historical-averaging',
    title: 'Historical averaging',
    description: "holds a player's parameters near the mean of all they have been",
    source: 'Salimans et al. 2016',
    options: {
      player: playerOption('discriminator'),
      weight: weightOption(1),
      interval,
    },
    create: (options) => historicalAveraging(options),
  }),
  penalty({
    name: 'pulling-away',
    title: 'Pulling-away term',
    description: 'the samples of a batch should differ in their features; made for EBGAN',
    source: 'Zhao, Mathieu and LeCun 2017',
    options: {
      weight: weightOption(0.1),
      interval,
    },
    create: (options) => pullingAway(options),
  }),
  penalty({
    name: 'mode-seeking',
    title: 'Mode seeking',
    description: 'different latents must give different samples',
    source: 'Mao et al. 2019',
    options: {
      weight: weightOption(1),
      epsilon: option(number({ minimum: 1e-12 }), {
        default: 1e-5,
        description: 'added to the ratio before it is inverted',
      }),
      interval,
    },
    create: (options) => modeSeeking(options),
  }),
  penalty({
    name: 'path-length',
    title: 'Path length regularisation',
    description: 'equal steps in latent space make equal changes in the sample',
    source: 'Karras et al. 2020',
    options: {
      weight: weightOption(2),
      decay: option(number({ minimum: 0, maximum: 1 }), {
        default: 0.01,
        description: 'how much of each batch enters the running mean length',
      }),
      interval,
    },
    create: (options) => pathLength(options),
  }),
]);
