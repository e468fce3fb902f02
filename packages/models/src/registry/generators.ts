// Every generator by name. Importing this bundles them all: for apps; libraries import the functions.
import { GanKitError, type Generator } from '@gankit/core';
import {
  choice,
  type Entry,
  flag,
  number,
  type OptionEntries,
  option,
  registry,
  wholeNumber,
} from '@gankit/core/registry';
import { dcganGenerator } from '../dcgan.ts';
import { mlpGenerator } from '../mlp.ts';
import { progressiveGenerator } from '../progressive.ts';
import { r3ganGenerator } from '../r3gan.ts';
import { resnetGenerator } from '../resnet.ts';
import { spatialGenerator } from '../spatial-generator.ts';
import { unetGenerator } from '../unet.ts';
import type { GeneratorContext } from './player-context.ts';
import {
  activation,
  attention,
  growthOver,
  growUntil,
  hidden,
  latentDistribution,
  latentSize,
  normalization,
  width,
} from './shared-options.ts';

/** What is known of a generator before it is made. */
export interface GeneratorTraits {
  /** Whether it has layers of normalisation that can be replaced, by one that knows the class for example. */
  readonly normalized: boolean;
  /** Whether it is told an image that it turns into another. */
  readonly toldImages: boolean;
}

function generator<const Name extends string, const Entries extends OptionEntries>(
  entry: Entry<Generator & Disposable, GeneratorContext, Entries, Name>,
  { normalized = false, toldImages = false }: Partial<GeneratorTraits> = {},
): Entry<Generator & Disposable, GeneratorContext, Entries, Name> & GeneratorTraits {
  return {
    ...entry,
    normalized,
    toldImages,
    create(options, context) {
      if (context.normalization === undefined || normalized) return entry.create(options, context);
      throw new GanKitError(
        'incompatible',
        `The generator '${entry.name}' has no normalisation that could be replaced.`,
        { value: entry.name },
      );
    },
  };
}

const outputActivation = option(choice(['tanh', 'linear']), {
  description: 'tanh keeps samples within [-1, 1]; its own choice when absent',
});

/** Every generator. */
export const generators = registry('generator', [
  generator(
    {
      name: 'dcgan',
      title: 'DCGAN',
      description: 'transposed convolutions, for images whose sides are even (28, 32, 64)',
      source: 'Radford, Metz and Chintala 2016',
      options: {
        latentSize: latentSize(100),
        latentDistribution,
        width: width(64, 'channels at full resolution, which double with each halving'),
        normalization: normalization('batch'),
        imageLayer: option(choice(['convolution', 'transposed']), {
          default: 'convolution',
          description: 'what makes the image: a convolution, without checkerboard, or the last transposed one',
        }),
      },
      create: (options, { shape, random, moreLatent = 0, normalization: replaced }) =>
        dcganGenerator({
          ...options,
          outputShape: shape,
          random,
          latentSize: options.latentSize + moreLatent,
          normalization: replaced ?? options.normalization,
        }),
    },
    { normalized: true },
  ),
  generator({
    name: 'mlp',
    title: 'Dense layers (MLP)',
    description: 'for points, tables and small images',
    source: 'Goodfellow et al. 2014',
    options: {
      latentSize: latentSize(16),
      latentDistribution,
      hidden,
      activation: activation('relu'),
      outputActivation,
    },
    create: (options, { shape, random, moreLatent = 0 }) =>
      mlpGenerator({ ...options, outputShape: shape, random, latentSize: options.latentSize + moreLatent }),
  }),
  generator({
    name: 'r3gan',
    title: 'R3GAN',
    description: 'residual networks without normalisation, for the relativistic loss with R1 and R2; even sides',
    source: 'Huang et al. 2024',
    options: {
      latentSize: latentSize(64),
      latentDistribution,
      width: width(64, 'channels of the maps up to 32 pixels; 768 in the paper'),
      blocksPerStage: option(wholeNumber({ maximum: 64 }), { default: 2, description: 'residual blocks at each size' }),
      expansion: option(wholeNumber({ maximum: 64 }), {
        default: 2,
        description: 'how many times more channels a block has inside',
      }),
      channelsPerGroup: option(wholeNumber(), {
        default: 16,
        description: 'channels of each group of the 3x3 convolutions',
      }),
      outputActivation,
    },
    create: (options, { shape, random, moreLatent = 0 }) =>
      r3ganGenerator({ ...options, outputShape: shape, random, latentSize: options.latentSize + moreLatent }),
  }),
  generator(
    {
      name: 'resnet',
      title: 'SNGAN ResNet',
      description: 'residual networks, for images whose sides are even',
      source: 'Miyato et al. 2018; self-attention of Zhang et al. 2019',
      options: {
        latentSize: latentSize(128),
        latentDistribution,
        width: width(64, 'channels of every block up to 32 pixels (256 in the paper), above those of the last block'),
        normalization: normalization('batch'),
        spectralNorm: option(flag(), {
          default: false,
          description: 'spectral normalisation of every layer, as in SAGAN',
        }),
        attention,
      },
      create: (options, { shape, random, moreLatent = 0, normalization: replaced }) =>
        resnetGenerator({
          ...options,
          outputShape: shape,
          random,
          latentSize: options.latentSize + moreLatent,
          normalization: replaced ?? options.normalization,
        }),
    },
    { normalized: true },
  ),
  generator({
    name: 'progressive',
    title: 'Progressive growing',
    description: 'learns small images first, then grows; sides are even and at least 8',
    source: 'Karras et al. 2018',
    options: {
      latentSize: latentSize(512),
      latentDistribution,
      width: width(512, 'channels of the maps up to 32 pixels'),
      growUntil,
      outputActivation,
    },
    create: ({ growUntil: until, ...options }, { shape, random, moreLatent = 0, steps }) =>
      progressiveGenerator({
        ...options,
        outputShape: shape,
        random,
        latentSize: options.latentSize + moreLatent,
        schedule: growthOver(until, shape[0]!, steps),
      }),
  }),
  generator(
    {
      name: 'spatial',
      title: 'Spatial GAN',
      description: 'textures of any size, from a matrix of noise',
      source: 'Jetchev, Bergmann and Vollgraf 2016',
      options: {
        latentChannels: option(wholeNumber({ maximum: 4096 }), {
          default: 32,
          description: 'numbers at each position of the noise',
        }),
        latentDistribution: option(choice(['normal', 'uniform']), {
          default: 'uniform',
          description: 'how latents are drawn',
        }),
        doublings: option(wholeNumber({ maximum: 16 }), {
          description: 'how often height and width double; its own choice when absent',
        }),
        width: width(64, 'channels before the image, which double with each halving'),
        normalization: normalization('batch'),
      },
      create: (options, { shape, random, normalization: replaced }) =>
        spatialGenerator({ ...options, outputShape: shape, random, normalization: replaced ?? options.normalization }),
    },
    { normalized: true },
  ),
  generator(
    {
      name: 'unet',
      title: 'U-Net (pix2pix)',
      description: 'turns the image that it is told into another',
      source: 'Isola et al. 2017',
      options: {
        width: width(64, 'channels of the first convolution, which double up to 8 times'),
        latentSize: option(wholeNumber({ minimum: 0, maximum: 4096 }), {
          default: 0,
          description: 'a noise vector at the innermost map; 0, as in the paper, has none',
        }),
        depth: option(wholeNumber({ minimum: 2, maximum: 16 }), {
          description: 'how often sides are halved; as often as possible when absent',
        }),
        dropout: option(number({ minimum: 0, maximum: 1 }), {
          default: 0.5,
          description: 'what the innermost layers drop in training, below 1',
        }),
        normalization: normalization('batch'),
      },
      create: ({ latentSize: noise, ...options }, { shape, random, conditionChannels }) =>
        unetGenerator({
          ...options,
          outputShape: shape,
          random,
          conditionChannels,
          ...(noise > 0 && { latentSize: noise }),
        }),
    },
    { normalized: true, toldImages: true },
  ),
]);
