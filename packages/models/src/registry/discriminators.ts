// Every discriminator by name. Importing this bundles them all: for apps; libraries import the functions.
import type { Discriminator } from '@gankit/core';
import { choice, entryOf, flag, option, registry, wholeNumber } from '@gankit/core/registry';
import { dcganDiscriminator } from '../dcgan.ts';
import { mlpDiscriminator } from '../mlp.ts';
import { patchDiscriminator } from '../patchgan.ts';
import { progressiveDiscriminator } from '../progressive.ts';
import { r3ganDiscriminator } from '../r3gan.ts';
import { resnetDiscriminator } from '../resnet.ts';
import type { DiscriminatorContext } from './player-context.ts';
import {
  activation,
  attention,
  codeSize,
  growthOver,
  growUntil,
  hidden,
  normalization,
  width,
} from './shared-options.ts';

const discriminator = entryOf<Discriminator & Disposable, DiscriminatorContext>();

/** Every discriminator. */
export const discriminators = registry('discriminator', [
  discriminator({
    name: 'dcgan',
    title: 'DCGAN',
    description: 'convolutions, for images whose sides are even; also as an autoencoder, for losses of energies',
    source: 'Radford, Metz and Chintala 2016',
    options: {
      width: width(64, 'channels of the first convolution, which double with each halving'),
      normalization: normalization('none'),
      codeSize,
    },
    create: (options, { shape, random, verdict }: DiscriminatorContext) =>
      dcganDiscriminator({ ...options, inputShape: shape, random, verdict }),
  }),
  discriminator({
    name: 'mlp',
    title: 'Dense layers (MLP)',
    description: 'for points, tables and small images; also as an autoencoder, for losses of energies',
    source: 'Goodfellow et al. 2014',
    options: { hidden, activation: activation('leakyRelu'), codeSize },
    create: (options, { shape, random, verdict }: DiscriminatorContext) =>
      mlpDiscriminator({ ...options, inputShape: shape, random, verdict }),
  }),
  discriminator({
    name: 'r3gan',
    title: 'R3GAN',
    description: 'residual networks without normalisation, for the relativistic loss with R1 and R2; even sides',
    source: 'Huang et al. 2024',
    options: {
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
    },
    create: (options, { shape, random, verdict }: DiscriminatorContext) =>
      r3ganDiscriminator({ ...options, inputShape: shape, random, verdict }),
  }),
  discriminator({
    name: 'resnet',
    title: 'SNGAN ResNet',
    description: 'spectrally normalised residual networks, for images whose sides are even',
    source: 'Miyato et al. 2018; self-attention of Zhang et al. 2019',
    options: {
      width: width(64, 'channels of every block up to 32 pixels (128 in the paper), above those of the first block'),
      spectralNorm: option(flag(), { default: true, description: 'spectral normalisation of every layer' }),
      attention,
    },
    create: (options, { shape, random, verdict }: DiscriminatorContext) =>
      resnetDiscriminator({ ...options, inputShape: shape, random, verdict }),
  }),
  discriminator({
    name: 'progressive',
    title: 'Progressive growing',
    description: 'judges small images first, then grows; takes the growth of the generator of the same name',
    source: 'Karras et al. 2018',
    options: {
      width: width(512, 'channels of the maps up to 32 pixels'),
      growUntil,
      groupSize: option(wholeNumber(), {
        default: 4,
        description: 'samples that the minibatch standard deviation compares; it must divide larger batches',
      }),
    },
    create: ({ growUntil: until, ...options }, { shape, random, verdict, steps }: DiscriminatorContext) =>
      progressiveDiscriminator({
        ...options,
        inputShape: shape,
        random,
        verdict,
        schedule: growthOver(until, shape[0]!, steps),
      }),
  }),
  discriminator({
    name: 'patch',
    title: 'PatchGAN',
    description: 'a verdict for each patch of an image, also of a pair of images',
    source: 'Isola et al. 2017',
    options: {
      receptiveField: option(choice([1, 16, 34, 70, 142, 286]), {
        default: 70,
        description: 'the side of the patch that each logit sees, in pixels',
      }),
      width: width(64, 'channels of the first convolution, which double up to 8 times'),
      normalization: normalization('batch'),
    },
    create: (options, context: DiscriminatorContext) =>
      patchDiscriminator({
        ...options,
        inputShape: context.shape,
        random: context.random,
        verdict: context.verdict,
        conditionChannels: context.conditionChannels,
      }),
  }),
]);
