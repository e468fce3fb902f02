// The residual networks of SNGAN (Miyato, Kataoka, Koyama and Yoshida 2018), with the self-attention of SAGAN (Zhang 2019) if asked for.
import {
  checkInteger,
  checkOptions,
  type Discriminator,
  GanKitError,
  type Generator,
  type LatentDistribution,
  type Verdict,
} from '@gankit/core';
import { selfAttention } from '@gankit/engine/layers';
import * as tf from '@tensorflow/tfjs';
import { verdictUnits, withoutEnergy } from './choices.ts';
import { discriminatorFromLayers } from './discriminator-from-layers.ts';
import { generatorFromLayers } from './generator-from-layers.ts';
import { GlobalSumPooling2D } from './global-sum-pooling.ts';
import { glorotUniform, type Initialization, initialize } from './initialization.ts';
import { type Normalization, normalizedActivation } from './normalization.ts';
import {
  checkEither,
  type DiscriminatorOptions,
  discriminatorNames,
  type GeneratorOptions,
  generatorNames,
} from './player-options.ts';
import { applyLayers, discriminatorBlock, generatorBlock } from './residual-block.ts';
import { halved, halvings, type ImageShape, imageShapeOf, someHalvings } from './sample-shape.ts';
import { convolution, dense, settleSpectralNorms } from './spectral-layers.ts';

/** Presets: the paper's for 32x32, 48x48, 64x64 and 128x128, and their like for other even sides. */
export interface ResnetGeneratorOptions extends GeneratorOptions {
  /** Length of the latent vector; 128 by default. */
  readonly latentSize?: number | undefined;
  /** How latents are drawn; `normal` by default. */
  readonly latentDistribution?: LatentDistribution | undefined;
  /**
   * Scales the channels of every layer: up to 32 pixels those of every block, 256 by default; above, those of the last block, which
   * double up to 16 times towards the first, 64 by default.
   */
  readonly width?: number | undefined;
  /** Instead of `width`: the channels of the smallest map and those after each doubling of height and width. */
  readonly channels?: readonly number[] | undefined;
  /** What precedes each ReLU; `batch` by default. A class-conditional normalisation goes here. */
  readonly normalization?: Normalization | undefined;
  /** Spectral normalisation of every convolution and of the dense layer, as in SAGAN; false by default. */
  readonly spectralNorm?: boolean | undefined;
  /** The height of the feature map that goes through self-attention; none by default. Its cost grows with the square of height times width. */
  readonly attention?: number | undefined;
}

/** One block of the discriminator. */
export interface ResnetBlock {
  readonly channels: number;
  /** Whether the block halves height and width. */
  readonly downsample: boolean;
}

/** Presets as for the generator. */
export interface ResnetDiscriminatorOptions extends DiscriminatorOptions {
  /**
   * Scales the channels of every layer: up to 32 pixels those of every block, 128 by default; above, those of the first block, which
   * double up to 16 times, 64 by default.
   */
  readonly width?: number | undefined;
  /** Instead of `width`: all blocks, from the image on. */
  readonly blocks?: readonly ResnetBlock[] | undefined;
  /** Spectral normalisation of every convolution and of the dense layer; true by default. */
  readonly spectralNorm?: boolean | undefined;
  /** The height of the feature map that goes through self-attention; none by default. Its own projections are not spectrally normalised. */
  readonly attention?: number | undefined;
  /** One `logit` for each image (the default), or `two-class` for the two-class softmax loss; there is no `energy`. */
  readonly verdict?: Verdict | undefined;
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
  for (const [index, count] of channels.entries()) checkInteger(`${what}[${index}]`, count);
  if (channels.length < 2) {
    throw new GanKitError('invalid-argument', `${what} must have at least 2 entries, not ${channels.length}.`);
  }
}

/**
 * The SNGAN residual generator: a dense layer to the smallest map, a {@link generatorBlock} for each doubling of height and width,
 * normalisation, ReLU, a 3x3 convolution and tanh. 32x32 has 4,276,739 parameters. Upsampling is by nearest neighbour, as in the
 * authors' code. Kernels start from Glorot's uniform distribution, on the residual paths with gain sqrt(2).
 * @throws GanKitError `invalid-shape` for images that cannot be halved as often as there are blocks, `invalid-argument` for an unknown
 *   or missing option, `incompatible` for `width` and `channels` together.
 */
export function resnetGenerator(options: ResnetGeneratorOptions): Generator & Disposable {
  checkOptions('resnetGenerator', options, {
    ...generatorNames,
    latentSize: 'optional',
    latentDistribution: 'optional',
    width: 'optional',
    channels: 'optional',
    normalization: 'optional',
    spectralNorm: 'optional',
    attention: 'optional',
  });
  checkEither(options, 'channels', 'width');
  const imageShape = imageShapeOf('A residual generator', 'outputShape', options.outputShape);
  const { latentSize = 128, latentDistribution, width = isSmall(imageShape) ? 256 : 64 } = options;
  const { normalization = 'batch', spectralNorm = false, attention } = options;
  const random = options.random.fork('resnet-generator');
  checkInteger('latentSize', latentSize);
  checkInteger('width', width);
  someHalvings('A residual generator', imageShape);
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
 * @throws GanKitError `invalid-shape` for images that cannot be halved as often as the blocks do, `invalid-argument` for an unknown or
 *   missing option, `incompatible` for `width` and `blocks` together and for an energy.
 */
export function resnetDiscriminator(options: ResnetDiscriminatorOptions): Discriminator & Disposable {
  checkOptions('resnetDiscriminator', options, {
    ...discriminatorNames,
    width: 'optional',
    blocks: 'optional',
    spectralNorm: 'optional',
    attention: 'optional',
    verdict: 'optional',
  });
  checkEither(options, 'blocks', 'width');
  const imageShape = imageShapeOf('A residual discriminator', 'inputShape', options.inputShape);
  const { spectralNorm = true, attention, width = isSmall(imageShape) ? 128 : 64 } = options;
  const verdict = withoutEnergy('resnet', options.verdict ?? 'logit');
  const random = options.random.fork('resnet-discriminator');
  checkInteger('width', width);
  someHalvings('A residual discriminator', imageShape);
  const { blocks = discriminatorBlocks(imageShape, width) } = options;
  for (const [index, block] of blocks.entries()) {
    checkOptions(`blocks[${index}]`, block, { channels: 'required', downsample: 'required' });
  }
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
    dense('logits', verdictUnits(verdict), spectralSeeds),
  );
  const model = tf.model({ inputs: samples, outputs, name: 'resnet-discriminator' });
  const features = [...blocks.map((_, index) => `block-${index}`), 'pool'];
  const discriminator = discriminatorFromLayers(model, { features, verdict });
  initialize(discriminator.variables, residualInitialization(model), random);
  settleSpectralNorms(discriminator.variables);
  return discriminator;
}
