// Every stabiliser by name: what is put around a player or the loss, or beside them. Importing this bundles them all: for apps.
import type { AdversarialLoss, Discriminator, GameObserver, Generator } from '@gankit/core';
import { choices, type Entry, number, type OptionEntries, option, registry, wholeNumber } from '@gankit/core/registry';
import { withInstanceNoise } from '../negatives/instance-noise.ts';
import { adaptiveAugment, adaptiveTransforms } from '../stabilizers/adaptive-augment.ts';
import { diffAugment, diffAugmentPolicies } from '../stabilizers/diff-augment.ts';
import { type GeneratorAverage, generatorAverage } from '../stabilizers/generator-average.ts';
import { topK } from '../stabilizers/top-k.ts';
import { convergenceMonitor } from '../watch/convergence-monitor.ts';
import type { PartContext } from './part-context.ts';

/** What stabilisers change, one after another. */
export interface StabilizedGame {
  readonly generator: Generator;
  readonly discriminator: Discriminator;
  readonly loss: AdversarialLoss;
  readonly observers: readonly GameObserver[];
  readonly average?: GeneratorAverage | undefined;
}

/** Puts itself into a game that has not begun. */
export type Stabilizer = (game: StabilizedGame) => StabilizedGame;

const share = number({ minimum: 0, maximum: 1 });
const positive = number({ minimum: 0 });

/** What of a game a stabiliser changes. */
export interface StabilizerTraits {
  readonly changes: Exclude<keyof StabilizedGame, 'generator'>;
}

function stabilizer<const Name extends string, const Entries extends OptionEntries>(
  changes: StabilizerTraits['changes'],
  entry: Entry<Stabilizer, PartContext, Entries, Name>,
): Entry<Stabilizer, PartContext, Entries, Name> & StabilizerTraits {
  return { ...entry, changes };
}

/** Every stabiliser. */
export const stabilizers = registry('stabiliser', [
  stabilizer('average', {
    name: 'average',
    title: "Average of the generator's weights (EMA)",
    description: 'samples come from a moving average of the weights, which is steadier than the weights',
    source: 'Karras et al. 2018; half-life and ramp-up of StyleGAN2',
    options: {
      halfLife: option(positive, {
        default: 10_000,
        description: "real samples after which a weight's share in the average has halved, above 0",
      }),
      rampUp: option(positive, {
        default: 0.05,
        description: 'the half-life is at most this times the samples played so far, above 0',
      }),
      decay: option(share, {
        description: 'what is kept of the average in each update instead, below 1; 0.999 is usual',
      }),
    },
    create:
      ({ halfLife, rampUp, decay }) =>
      (game) => ({
        ...game,
        average: generatorAverage(game.generator, decay === undefined ? { halfLife, rampUp } : { decay }),
      }),
  }),
  stabilizer('discriminator', {
    name: 'instance-noise',
    title: 'Instance noise',
    description: 'noise on everything that the discriminator sees, falling to nothing in a straight line',
    source: 'Sonderby et al. 2017; Arjovsky and Bottou 2017',
    options: {
      from: option(positive, { default: 0.1, description: 'the standard deviation at the start' }),
      until: option(share, { default: 1, description: 'the share of the run after which there is none, above 0' }),
    },
    create:
      ({ from, until }, { steps, random }: PartContext) =>
      (game) => ({
        ...game,
        discriminator: withInstanceNoise(game.discriminator, {
          standardDeviation: (step) => from * Math.max(0, 1 - step / (until * steps)),
          random,
        }),
      }),
  }),
  stabilizer('discriminator', {
    name: 'diff-augment',
    title: 'DiffAugment',
    description: 'colour, translation and cutout of every image that the discriminator sees',
    source: 'Zhao et al. 2020',
    options: {
      policy: option(choices(diffAugmentPolicies), {
        default: [...diffAugmentPolicies],
        description: 'what is done to each image',
      }),
    },
    create:
      ({ policy }, { random }: PartContext) =>
      (game) => ({ ...game, discriminator: diffAugment(game.discriminator, { policy, random }) }),
  }),
  stabilizer('discriminator', {
    name: 'adaptive-augment',
    title: 'Adaptive augmentation (ADA)',
    description: 'as much augmentation as keeps the discriminator from overfitting; for small sets of images',
    source: 'Karras et al. 2020',
    options: {
      target: option(share, {
        default: 0.6,
        description: 'the share of real samples taken for real, less that of the others, that is aimed at',
      }),
      samplesToFull: option(wholeNumber(), {
        default: 500_000,
        description: 'real samples in which the probability can go from 0 to 1',
      }),
      transforms: option(choices(adaptiveTransforms), { description: 'what may be done to an image; all when absent' }),
    },
    create:
      (options, { random }: PartContext) =>
      (game) => ({ ...game, discriminator: adaptiveAugment(game.discriminator, { ...options, random }) }),
  }),
  stabilizer('loss', {
    name: 'top-k',
    title: 'Top-k training',
    description: "the generator learns from its best fakes, by the discriminator's word",
    source: 'Sinha et al. 2020',
    options: {
      from: option(share, { default: 1, description: 'the share of the batch that is kept at the start, above 0' }),
      to: option(share, { default: 0.5, description: 'the share that is kept in the end, above 0' }),
      over: option(share, { default: 1, description: 'the share of the run in which it moves, above 0' }),
    },
    create:
      ({ from, to, over }, { steps }: PartContext) =>
      (game) => ({ ...game, loss: topK(game.loss, { from, to, steps: Math.max(1, Math.round(over * steps)) }) }),
  }),
  stabilizer('observers', {
    name: 'monitor',
    title: 'Convergence monitor',
    description: 'finds equilibrium, useless feedback, too strong a discriminator and mode collapse, with reasons',
    source: 'docs/game.md',
    options: {
      window: option(wholeNumber({ minimum: 2 }), { default: 200, description: 'steps that are averaged over' }),
      equilibriumBand: option(number({ minimum: 0, maximum: 0.5 }), {
        default: 0.05,
        description: "how far from one half the discriminator's accuracy may be at equilibrium",
      }),
      strongAccuracy: option(number({ minimum: 0.5, maximum: 1 }), {
        default: 0.98,
        description: 'the accuracy from which on the discriminator is called too strong',
      }),
      collapseShare: option(share, {
        default: 0.3,
        description: 'the share of its greatest value under which the diversity of samples is called a collapse',
      }),
    },
    create: (options) => (game) => ({ ...game, observers: [...game.observers, convergenceMonitor(options)] }),
  }),
]);
