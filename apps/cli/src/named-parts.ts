// Parts of the trainer by name: what `--schedule`, `--negatives` and `--augment` accept, each with its options.
import {
  type Discriminator,
  type GameObserver,
  type Negatives,
  type Player,
  type RandomStream,
  type UpdateSchedule,
  unknownNameError,
} from '@gankit/core';
import { checkOptionValues, type OptionSchema, type OptionValues, parseOption } from '@gankit/losses/registry';
import {
  adaptiveAugment,
  adaptiveSchedule,
  alternatingEpochs,
  annealedNoise,
  currentGenerator,
  diffAugment,
  fixedSchedule,
  freezeDiscriminator,
  pureNoise,
  replayBuffer,
  simultaneousSchedule,
  warmUp,
} from '@gankit/trainer';
import type { NamedPart } from './parse.ts';

/** What a part may depend on besides its options. */
export interface PartContext {
  /** Steps of the whole run. */
  readonly steps: number;
  /** Samples of the data set; a number to stand for one where data have no end. */
  readonly samplesPerEpoch: number;
  readonly random: RandomStream;
}

/** A part that a command line can name. */
export interface PartEntry<T> {
  readonly name: string;
  readonly description: string;
  readonly options: readonly OptionSchema[];
  create(options: OptionValues, context: PartContext): T;
}

const whole = (name: string, description: string, value: number, minimum = 1) =>
  ({ name, description, type: 'number', default: value, minimum, integer: true }) as const;
const share = (name: string, description: string, value: number) =>
  ({ name, description, type: 'number', default: value, minimum: 0, maximum: 1 }) as const;
const number = (options: OptionValues, name: string) => options[name] as number;

export const schedules: readonly PartEntry<UpdateSchedule>[] = [
  {
    name: 'fixed',
    description: 'the same updates in every step',
    options: [
      whole('discriminatorUpdates', 'discriminator updates in a step', 1, 0),
      whole('generatorUpdates', 'generator updates in a step', 1, 0),
    ],
    create: (options) => fixedSchedule(options),
  },
  {
    name: 'adaptive',
    description: 'the player that falls behind gets more updates',
    options: [
      share('accuracy', 'the discriminator accuracy that is aimed at', 0.75),
      whole('maximum', 'the most updates of a player in a step', 5),
      share('smoothing', 'decay of the average of the measured accuracy', 0.9),
    ],
    create: (options) =>
      adaptiveSchedule({
        target: { discriminatorAccuracy: number(options, 'accuracy') },
        discriminator: { maximum: number(options, 'maximum') },
        generator: { maximum: number(options, 'maximum') },
        smoothing: number(options, 'smoothing'),
      }),
  },
  {
    name: 'epochs',
    description: 'one player stands still for whole epochs while the other learns',
    options: [
      whole('discriminator', 'epochs of the discriminator in a row', 1),
      whole('generator', 'epochs of the generator in a row', 1),
    ],
    create: (options, { samplesPerEpoch }) =>
      alternatingEpochs({
        samplesPerEpoch,
        discriminatorEpochs: number(options, 'discriminator'),
        generatorEpochs: number(options, 'generator'),
      }),
  },
  {
    name: 'simultaneous',
    description: 'both players at once, from one forward pass of the same fakes',
    options: [],
    create: () => simultaneousSchedule(),
  },
  {
    name: 'warm-up',
    description: 'one player learns alone for the first steps, then one update each',
    options: [
      {
        name: 'player',
        description: 'who',
        type: 'choice',
        default: 'discriminator',
        choices: ['discriminator', 'generator'],
      },
      whole('steps', 'for how many steps', 100),
    ],
    create: (options) =>
      warmUp(fixedSchedule(), { player: options['player'] as Player, steps: number(options, 'steps') }),
  },
  {
    name: 'freeze',
    description: 'the discriminator stands still from a step on',
    options: [whole('after', 'the step', 1000, 0)],
    create: (options) => freezeDiscriminator(fixedSchedule(), { after: number(options, 'after') }),
  },
];

export const negatives: readonly PartEntry<Negatives>[] = [
  {
    name: 'current-generator',
    description: 'what the generator makes now',
    options: [],
    create: () => currentGenerator,
  },
  {
    name: 'replay',
    description: 'partly what it made in the past',
    options: [whole('capacity', 'samples that are remembered', 512), share('share', 'share of past samples', 0.5)],
    create: (options) => replayBuffer(options),
  },
  {
    name: 'annealed-noise',
    description: 'real samples in less and less noise; the generator is never seen unless generatorShare says so',
    options: [
      share('from', 'share of the real sample at the start', 0),
      share('to', 'share of the real sample at the end of the run', 0.9),
      share('generatorShare', 'share of the generated sample', 0),
    ],
    create: (options, { steps }) =>
      annealedNoise({
        realShare: (step) =>
          number(options, 'from') + (number(options, 'to') - number(options, 'from')) * Math.min(1, step / steps),
        generatorShare: number(options, 'generatorShare'),
      }),
  },
  { name: 'pure-noise', description: 'uniform noise', options: [], create: () => pureNoise() },
];

/** What stands between the data and the discriminator. */
export interface Augmentation {
  readonly discriminator: Discriminator;
  readonly observers: readonly GameObserver[];
}

export const augmentations: readonly PartEntry<(discriminator: Discriminator) => Augmentation>[] = [
  {
    name: 'diff',
    description: 'DiffAugment: colour, translation and cutout of every image',
    options: [],
    create:
      (_, { random }) =>
      (discriminator) => ({ discriminator: diffAugment(discriminator, { random }), observers: [] }),
  },
  {
    name: 'adaptive',
    description: 'ADA: as much augmentation as keeps the discriminator from overfitting',
    options: [
      share('target', 'the share of real samples taken for real, less that of the others, that is aimed at', 0.6),
      whole('samplesToFull', 'real samples in which the probability can go from 0 to 1', 500_000),
    ],
    create: (options, { random }) => {
      return (inner) => {
        const discriminator = adaptiveAugment(inner, {
          random,
          target: number(options, 'target'),
          samplesToFull: number(options, 'samplesToFull'),
        });
        return { discriminator, observers: [discriminator.controller] };
      };
    },
  },
];

/**
 * Makes the part that a command line names.
 * @param kind What it is called in messages, for example `schedule`.
 * @throws GanKitError `unknown-name` or `invalid-argument`.
 */
export function partNamed<T>(kind: string, entries: readonly PartEntry<T>[], part: NamedPart, context: PartContext): T {
  const entry = entries.find(({ name }) => name === part.name);
  if (entry === undefined)
    throw unknownNameError(
      kind,
      part.name,
      entries.map(({ name }) => name),
    );
  const given = Object.entries(part.options).map(([key, text]): [string, number | boolean | string] => {
    const schema = entry.options.find(({ name }) => name === key);
    return [key, schema === undefined ? text : parseOption(part.name, schema, text)];
  });
  const options = {
    ...Object.fromEntries(entry.options.map((schema) => [schema.name, schema.default])),
    ...Object.fromEntries(given),
  };
  checkOptionValues(part.name, entry.options, options);
  return entry.create(options, context);
}
