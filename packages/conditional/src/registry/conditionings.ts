// Every way of telling the players something, by name. Importing this bundles them all: for apps; libraries import the functions.
import {
  type Conditioning,
  type Discriminator,
  GanKitError,
  type Generator,
  type Penalty,
  type RandomStream,
} from '@gankit/core';
import { choice, entryOf, number, option, registry, wholeNumber, wholeNumbers } from '@gankit/core/registry';
import type { Normalization } from '@gankit/models';
import { codeLength } from '../code-specification.ts';
import { codes } from '../conditioning/codes.ts';
import { dataConditions } from '../conditioning/data-conditions.ts';
import { dataLabels } from '../conditioning/data-labels.ts';
import { classification } from '../penalties/classification.ts';
import { contrastive2C } from '../penalties/contrastive-2c.ts';
import { mutualInformation } from '../penalties/mutual-information.ts';
import { reconstruction } from '../penalties/reconstruction.ts';
import { auxiliaryClassifier } from '../players/auxiliary-classifier.ts';
import { codeHead } from '../players/code-head.ts';
import { concatenatedDiscriminator } from '../players/concatenated-discriminator.ts';
import { conditionalBatchNormalization } from '../players/conditional-batch-normalization.ts';
import { conditionalGenerator } from '../players/conditional-generator.ts';
import { contrastiveDiscriminator } from '../players/contrastive-discriminator.ts';
import { imageConditionedDiscriminator } from '../players/image-conditioned.ts';
import { projectionDiscriminator } from '../players/projection-discriminator.ts';

/** What is known of the data that may be told. */
export interface ToldFacts {
  /** Number of classes; absent for data without. */
  readonly classes?: number | undefined;
  /** Channels of the image that belongs to each sample; absent for data without. */
  readonly imageChannels?: number | undefined;
}

/** What a conditioning changes in the players, and what it adds to the game. */
export interface ToldPlayers {
  /** Numbers of the latent that it takes for itself. */
  readonly moreLatent: number;
  /** A normalisation that knows what is told, for generators that have one: over the whole batch, or over that of each process. */
  readonly normalization?: ((synchronized: boolean) => Normalization) | undefined;
  /** Channels that it adds to what the discriminator judges. */
  readonly moreChannels: number;
  /** Whether the generator must be one that is told an image. */
  readonly needsImages: boolean;
  /** Wraps a generator whose latent is longer by `moreLatent`. */
  generator(inner: Generator): Generator;
  /** Wraps a discriminator whose input has `moreChannels` more. */
  discriminator(inner: Discriminator, options: ToldDiscriminatorOptions): Discriminator;
  /** The terms of both players that belong to it. */
  penalties(discriminator: Discriminator): readonly Penalty[];
  /** What is told in the game. */
  readonly conditioning: Conditioning;
}

/** What a wrapper of a discriminator is made with. */
export interface ToldDiscriminatorOptions {
  readonly random: RandomStream;
  /** Whether the discriminator in it bounds every layer; a projection without a bound would undo that. */
  readonly spectralNorm: boolean;
}

function classesOf(name: string, { classes }: ToldFacts): number {
  if (classes !== undefined) return classes;
  throw new GanKitError('incompatible', `The conditioning '${name}' needs data with classes, and these have none.`);
}

const none = { moreLatent: 0, moreChannels: 0, needsImages: false, penalties: () => [] };
const players = ['discriminator', 'generator'] as const;
const weight = (value: number, of: string) =>
  option(number({ minimum: 0 }), { default: value, description: `the weight of ${of}` });

/** What every conditioning by class does to the generator: the class is appended to the latent, and decides scales and offsets. */
function toldClasses(classes: number) {
  return {
    ...none,
    moreLatent: classes,
    // The normalisation alone tells classes apart late: its scales and offsets start equal for all of them.
    normalization: (synchronized: boolean) => conditionalBatchNormalization({ classes, synchronized }),
    generator: (inner: Generator) => conditionalGenerator(inner, { classes }),
    conditioning: dataLabels({ classes }),
  };
}

const embedding = {
  size: option(wholeNumber({ maximum: 4096 }), { default: 128, description: 'the length of the embeddings' }),
  temperature: option(number({ minimum: 0 }), { default: 1, description: 'how soft the comparison is, above 0' }),
};

const conditioning = entryOf<ToldPlayers, ToldFacts>();

/** Every conditioning. */
export const conditionings = registry('conditioning', [
  conditioning({
    name: 'projection',
    title: 'Projection discriminator',
    description: 'the class enters the discriminator by an inner product with its last feature; the first choice',
    source: 'Miyato and Koyama 2018',
    options: {},
    create(_, facts: ToldFacts) {
      const classes = classesOf('projection', facts);
      return {
        ...toldClasses(classes),
        discriminator: (inner, { random, spectralNorm }) =>
          projectionDiscriminator(inner, { classes, random: random.fork('projection'), spectralNorm }),
      };
    },
  }),
  conditioning({
    name: 'concatenation',
    title: 'Conditional GAN by concatenation',
    description: 'the class as further channels of what the discriminator judges',
    source: 'Mirza and Osindero 2014',
    options: {},
    create(_, facts: ToldFacts) {
      const classes = classesOf('concatenation', facts);
      return {
        ...toldClasses(classes),
        moreChannels: classes,
        discriminator: (inner) => concatenatedDiscriminator(inner, { classes }),
      };
    },
  }),
  conditioning({
    name: 'auxiliary',
    title: 'Auxiliary classifier (AC-GAN)',
    description: 'the discriminator also names the class',
    source: 'Odena, Olah and Shlens 2017',
    options: { weight: weight(1, 'the classification terms') },
    create({ weight: each }, facts: ToldFacts) {
      const classes = classesOf('auxiliary', facts);
      return {
        ...toldClasses(classes),
        discriminator: (inner, { random }) => auxiliaryClassifier(inner, { classes, random: random.fork('auxiliary') }),
        penalties: () => players.map((player) => classification({ player, weight: each })),
      };
    },
  }),
  conditioning({
    name: 'contrastive',
    title: 'Contrastive (ContraGAN)',
    description: 'a projection, and embeddings that are compared within a batch',
    source: 'Kang and Park 2020',
    options: { ...embedding, weight: weight(1, 'the contrastive terms') },
    create({ size, temperature, weight: each }, facts: ToldFacts) {
      const classes = classesOf('contrastive', facts);
      return {
        ...toldClasses(classes),
        discriminator(inner, { random, spectralNorm }) {
          const own = random.fork('contrastive');
          const projected = projectionDiscriminator(inner, { classes, random: own, spectralNorm });
          return contrastiveDiscriminator(projected, { classes, random: own, size });
        },
        penalties: (discriminator) =>
          players.map((player) =>
            contrastive2C({
              player,
              discriminator: discriminator as ReturnType<typeof contrastiveDiscriminator>,
              temperature,
              weight: each,
            }),
          ),
      };
    },
  }),
  conditioning({
    name: 'codes',
    title: 'Codes without labels (InfoGAN)',
    description: 'the generator is told a code that the discriminator reads from its samples; the data need no labels',
    source: 'Chen et al. 2016',
    options: {
      categorical: option(wholeNumbers({ minimum: 2, maximum: 4096 }), {
        default: [],
        description: 'the number of choices of each categorical code',
      }),
      continuous: option(wholeNumber({ minimum: 0, maximum: 4096 }), {
        default: 2,
        description: 'the number of codes that are numbers from -1 to 1',
      }),
      variance: option(choice(['learned', 'unit']), { default: 'learned', description: 'of what is read of a number' }),
      weight: weight(1, 'the mutual information'),
    },
    create({ categorical, continuous, variance, weight: each }) {
      const code = { categorical, continuous };
      const length = codeLength(code);
      return {
        ...none,
        moreLatent: length,
        generator: (inner) => conditionalGenerator(inner, { vectors: length }),
        discriminator: (inner, { random }) => codeHead(inner, { codes: code, variance, random: random.fork('codes') }),
        penalties: () => players.map((player) => mutualInformation({ player, codes: code, variance, weight: each })),
        conditioning: codes(code),
      };
    },
  }),
  conditioning({
    name: 'images',
    title: 'Image to image (pix2pix)',
    description:
      'both players are told the other half of a pair of images, and the sample should be near the real half',
    source: 'Isola et al. 2017',
    options: {
      norm: option(choice(['l1', 'l2']), { default: 'l1', description: 'how far a sample is from the real half' }),
      weight: weight(100, 'that distance'),
    },
    create({ norm, weight: each }, { imageChannels }: ToldFacts) {
      if (imageChannels === undefined) {
        throw new GanKitError(
          'incompatible',
          "The conditioning 'images' needs data with pairs of images, and these have none.",
        );
      }
      return {
        ...none,
        moreChannels: imageChannels,
        needsImages: true,
        generator: (inner) => inner,
        discriminator: (inner) => imageConditionedDiscriminator(inner, { channels: imageChannels }),
        penalties: () => [reconstruction({ norm, weight: each })],
        conditioning: dataConditions('images'),
      };
    },
  }),
]);
