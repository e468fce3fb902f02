// The residual networks of SNGAN (Miyato, Kataoka, Koyama and Yoshida 2018), with the self-attention of SAGAN (Zhang 2019) if asked for.
import {
  checkInteger,
  type Discriminator,
  GanKitError,
  type Generator,
  type LatentDistribution,
  type RandomStream,
} from '@gankit/core';
import { selfAttention } from '@gankit/engine/layers';
import * as tf from '@tensorflow/tfjs';
import { discriminatorFromLayers } from './discriminator-from-layers.ts';
import { generatorFromLayers } from './generator-from-layers.ts';
import { GlobalSumPooling2D } from './global-sum-pooling.ts';
import { checkImageShape, halved, halvings, type ImageShape } from './image-shape.ts';
import { glorotUniform, type Initialization, initialize } from './initialization.ts';
import { type Normalization, normalizedActivation } from './normalization.ts';
import { applyLayers, discriminatorBlock, generatorBlock } from './residual-block.ts';
import { convolution, dense, settleSpectralNorms } from './spectral-layers.ts';

export interface ResnetGeneratorOptions {
  /** Shape of the images. Presets: the paper's for 32x32, 48x48, 64x64 and 128x128, and their like for other even sides. */
  readonly imageShape: ImageShape;
  /** Where the weights come from. */
  readonly random: RandomStream;
  /** Length of the latent vector; 128 by default. */
  readonly latentSize?: number;
  /** `normal` by default. */
  readonly latentDistribution?: LatentDistribution;
  /** Up to 32 pixels the channels of every block, 256 by default; above, those of the last block, which double up to 16 times towards the first, 64 by default. */
  readonly width?: number;
  /** Instead of a preset: the channels of the smallest map and those after each doubling of height and width. */
  readonly channels?: readonly number[];
  /** What precedes each ReLU; `batch` by default. A class-conditional normalisation goes here. */
  readonly normalization?: Normalization;
  /** Spectral normalisation of every convolution and of the dense layer, as in SAGAN; false by default. */
  readonly spectralNorm?: boolean;
  /** The height of the feature map that goes through self-attention; none by default. Its cost grows with the square of height times width. */
  readonly attention?: number;
}

/** One block of the discriminator. */
export interface ResnetBlock {
  readonly channels: number;
  /** Whether the block halves height and width. */
  readonly downsample: boolean;
}

export interface ResnetDiscriminatorOptions {
  /** Shape of the images; presets as for the generator. */
  readonly imageShape: ImageShape;
  /** Where the weights come from. */
  readonly random: RandomStream;
  /** Up to 32 pixels the channels of every block, 128 by default; above, those of the first block, which double up to 16 times, 64 by default. */
  readonly width?: number;
  /** Instead of a preset: all blocks, from the image on. */
  readonly blocks?: readonly ResnetBlock[];
  /** Spectral normalisation of every convolution and of the dense layer; true by default. */
  readonly spectralNorm?: boolean;
  /** The height of the feature map that goes through self-attention; none by default. Its own projections are not spectrally normalised. */
  readonly attention?: number;
  /** One `logit` for each image (the default), or `two-class` for the two-class softmax loss. */
  readonly verdict?: 'logit' | 'two-class';
}

/** The side up to which the paper's 32x32 networks (constant width) are the pattern. */
const smallImage = 32;
/** How far channels grow beyond `width` in the larger networks. */
const largestFactor = 16;

const isSmall = ([height, width]: ImageShape) => Math.max(height, width) <= smallImage;

function generatorChannels(imageShape: ImageShape, width: number): number[] {
  const count = halvings(imageShape);
  const factor = (index: number) => (isSmall(imageShape) ? 1 : Math.min(largestFactor, 2 ** (count - index)));
  return Array.from({ length: count + 1 }, (_, index) => width * factor(index));
}

/** 32: two halvings and two blocks without; 48: to 3x3 and one block; 64: to 2x2; 128: to 4x4 and one block. */
function discriminatorBlocks(imageShape: ImageShape, width: number): ResnetBlock[] {
  const count = halvings(imageShape);
  if (isSmall(imageShape)) {
    const halving = Math.min(count, 2);
    return Array.from({ length: halving + 2 }, (_, index) => ({ channels: width, downsample: index < halving }));
  }
  const oneMore = count < 5 && imageShape.slice(0, 2).every((side) => (side / 2 ** count) % 2 === 0);
  const halving = oneMore ? count + 1 : count;
  const total = halving < 5 || count >= 5 ? halving + 1 : halving;
  return Array.from({ length: total }, (_, index) => ({
    channels: width * Math.min(largestFactor, 2 ** index),
    downsample: index < halving,
  }));
}

/** Glorot's uniform kernels, those on the residual path sqrt(2) times as wide, as in the reference implementation. */
function residualInitialization(model: tf.LayersModel): Initialization {
  return (name, shape, random) => {
    const layer = model.layers[Number.parseInt(name, 10)]!;
    return glorotUniform(/-conv-[12]$/.test(layer.name) ? Math.SQRT2 : 1)(name, shape, random);
  };
}

type Block = (x: tf.SymbolicTensor) => tf.SymbolicTensor;

/**
 * Blocks one after the other, with self-attention after the first that gives a map of the height that was asked for.
 * @throws GanKitError `invalid-argument` when none does.
 */
function stack(input: tf.SymbolicTensor, blocks: readonly Block[], attention: number | undefined): tf.SymbolicTensor {
  let x = input;
  const heights: (number | null)[] = [];
  for (const block of blocks) {
    x = block(x);
    const height = x.shape[1] ?? null;
    if (height === attention && !heights.includes(height)) x = applyLayers(x, selfAttention({ name: 'attention' }));
    heights.push(height);
  }
  if (attention === undefined || heights.includes(attention)) return x;
  throw new GanKitError(
    'invalid-argument',
    `No block gives a map of height ${attention} for attention; choose one of ${[...new Set(heights)].join(', ')}.`,
    { value: attention },
  );
}

function checkChannels(what: string, channels: readonly number[]): void {
  channels.forEach((count, index) => {
    checkInteger(`${what}[${index}]`, count);
  });
  if (channels.length < 2) {
    throw new GanKitError('invalid-argument', `${what} must have at least 2 entries, not ${channels.length}.`);
  }
}

/**
 * The SNGAN residual generator: a dense layer to the smallest map, a {@link generatorBlock} for each doubling of height and width,
 * normalisation, ReLU, a 3x3 convolution and tanh. 32x32 has 4,276,739 parameters. Upsampling is by nearest neighbour, as in the
 * authors' code. Kernels start from Glorot's uniform distribution, on the residual paths with gain sqrt(2).
 * @throws GanKitError `invalid-shape` for images that cannot be halved as often as there are blocks.
 */
export function resnetGenerator(options: ResnetGeneratorOptions): Generator {
  const { imageShape, random, latentSize = 128, latentDistribution = 'normal' } = options;
  const { normalization = 'batch', spectralNorm = false, attention } = options;
  const { width = isSmall(imageShape) ? 256 : 64 } = options;
  checkInteger('latentSize', latentSize);
  checkInteger('width', width);
  checkImageShape('A residual generator', imageShape);
  const { channels = generatorChannels(imageShape, width) } = options;
  checkChannels('channels', channels);
  const start = [...halved('A residual generator', imageShape, channels.length - 1), channels[0]!];
  const spectralSeeds = spectralNorm ? random.fork('spectral-norm') : undefined;
  const latent = tf.input({ shape: [latentSize], name: 'latent' });
  const smallest = applyLayers(
    latent,
    dense('project', tf.util.sizeFromShape(start), spectralSeeds),
    tf.layers.reshape({ targetShape: start, name: 'start' }),
  );
  const blocks = channels.slice(1).map((count, index) => (x: tf.SymbolicTensor) => {
    return generatorBlock(x, { name: `block-${index}`, channels: count, normalization, spectralSeeds });
  });
  const outputs = applyLayers(
    stack(smallest, blocks, attention),
    ...normalizedActivation(normalization, 'relu', 'last-relu'),
    convolution({ name: 'image', filters: imageShape[2], kernelSize: 3 }, spectralSeeds),
    tf.layers.activation({ activation: 'tanh', name: 'range' }),
  );
  const model = tf.model({ inputs: latent, outputs, name: 'resnet-generator' });
  const generator = generatorFromLayers(model, { latentDistribution });
  initialize(generator.variables, residualInitialization(model), random);
  settleSpectralNorms(generator.variables);
  return generator;
}

/**
 * The SNGAN residual discriminator: a {@link discriminatorBlock} after the other, ReLU, the sum over all positions, a dense layer; all
 * kernels spectrally normalised, which moves their singular vectors once in an update (`updateState`). 32x32 has 1,053,825
 * parameters. Features: each block's output, and last the pooled [batch, channels], on which projection and classifier heads stand.
 * @throws GanKitError `invalid-shape` for images that cannot be halved as often as the blocks do.
 */
export function resnetDiscriminator(options: ResnetDiscriminatorOptions): Discriminator {
  const { imageShape, random, spectralNorm = true, attention, verdict = 'logit' } = options;
  const { width = isSmall(imageShape) ? 128 : 64 } = options;
  checkInteger('width', width);
  checkImageShape('A residual discriminator', imageShape);
  const { blocks = discriminatorBlocks(imageShape, width) } = options;
  const blockChannels = blocks.map(({ channels }) => channels);
  checkChannels('blocks', blockChannels);
  halved('A residual discriminator', imageShape, blocks.filter(({ downsample }) => downsample).length);
  const spectralSeeds = spectralNorm ? random.fork('spectral-norm') : undefined;
  const samples = tf.input({ shape: [...imageShape], name: 'samples' });
  const layers = blocks.map((block, index) => (x: tf.SymbolicTensor) => {
    return discriminatorBlock(x, { name: `block-${index}`, ...block, first: index === 0, spectralSeeds });
  });
  const outputs = applyLayers(
    stack(samples, layers, attention),
    tf.layers.reLU({ name: 'last-relu' }),
    new GlobalSumPooling2D({ name: 'pool' }),
    dense('logits', verdict === 'two-class' ? 2 : 1, spectralSeeds),
  );
  const model = tf.model({ inputs: samples, outputs, name: 'resnet-discriminator' });
  const features = [...blocks.map((_, index) => `block-${index}`), 'pool'];
  const discriminator = discriminatorFromLayers(model, { features, verdict });
  initialize(discriminator.variables, residualInitialization(model), random);
  settleSpectralNorms(discriminator.variables);
  return discriminator;
}
