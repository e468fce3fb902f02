// The minimal modern baseline of R3GAN (Huang, Gokaslan, Kuleshov and Tompkin 2024): residual networks without normalisation, made for
// the relativistic loss with R1 and R2.
import '@gankit/engine/gradients';
import {
  checkInteger,
  type Discriminator,
  GanKitError,
  type Generator,
  type LatentDistribution,
  type RandomStream,
} from '@gankit/core';
import { blur } from '@gankit/engine/layers';
import * as tf from '@tensorflow/tfjs';
import { discriminatorFromLayers } from './discriminator-from-layers.ts';
import { generatorFromLayers } from './generator-from-layers.ts';
import { groupedConv2d } from './grouped-convolution.ts';
import { checkImageShape, halved, type ImageShape } from './image-shape.ts';
import { type Initialization, initialize, variancePreserving } from './initialization.ts';
import { addPaths, applyLayers } from './residual-block.ts';
import { ExpandBasis, ReduceBasis } from './spatial-basis.ts';
import { stageChannels } from './stage-channels.ts';

interface R3ganOptions {
  /** Shape of the images; both sides even and at least 8. */
  readonly imageShape: ImageShape;
  /** Where the weights come from. */
  readonly random: RandomStream;
  /** Channels of the maps up to 32 pixels, half as many for each doubling above; 768 by default, as published. 32 to 128 is quick. */
  readonly width?: number;
  /** Instead of `width`: the channels of each stage, from the smallest map to the image's size. */
  readonly channels?: readonly number[];
  /** Residual blocks at each size; 2 by default. */
  readonly blocks?: number;
  /** How many times more channels there are within a block; 2 by default. */
  readonly expansion?: number;
  /** Channels of each group of the 3x3 convolutions; 16 by default. A block with fewer has one group. */
  readonly groupSize?: number;
}

export interface R3ganGeneratorOptions extends R3ganOptions {
  /** Length of the latent vector; 64 by default. */
  readonly latentSize?: number;
  /** `normal` by default. */
  readonly latentDistribution?: LatentDistribution;
  /** `tanh` (the default) keeps images within [-1, 1]; the paper has `linear`. */
  readonly outputActivation?: 'tanh' | 'linear';
}

export interface R3ganDiscriminatorOptions extends R3ganOptions {
  /** One `logit` for each image (the default), or `two-class` for the two-class softmax loss. */
  readonly verdict?: 'logit' | 'two-class';
}

export interface R3ganBlockOptions {
  /** The block's output is the layer of this name, its convolutions are `<name>-conv-1` to `-3`. */
  readonly name: string;
  /** See {@link R3ganGeneratorOptions}. */
  readonly expansion?: number;
  readonly groupSize?: number;
}

const leakySlope = 0.2;
/** Keeps the second moment of activations through leaky ReLU (He 2015). */
const activationGain = Math.sqrt(2 / (1 + leakySlope ** 2));

const activation = (name: string) => tf.layers.leakyReLU({ alpha: leakySlope, name });

function pointwise(filters: number, name: string, useBias: boolean): tf.layers.Layer {
  return tf.layers.conv2d({ filters, kernelSize: 1, useBias, kernelInitializer: 'zeros', name });
}

/**
 * An inverted bottleneck: 1x1 convolution to more channels, leaky ReLU, 3x3 convolution in groups, leaky ReLU, 1x1 convolution back,
 * added to the input. Kernels start as zeros: initialise them.
 * @param x [batch, height, width, channels].
 * @throws GanKitError `invalid-shape` when the groups do not divide the inner channels.
 */
export function r3ganBlock(x: tf.SymbolicTensor, options: R3ganBlockOptions): tf.SymbolicTensor {
  const { name, expansion = 2, groupSize = 16 } = options;
  const channels = x.shape.at(-1)!;
  const inner = channels * expansion;
  if (inner > groupSize && inner % groupSize !== 0) {
    throw new GanKitError(
      'invalid-shape',
      `The ${inner} inner channels of ${name} are no multiple of groupSize ${groupSize}; choose a width or a groupSize that fits.`,
      { value: groupSize },
    );
  }
  const groups = Math.max(1, inner / groupSize);
  const residual = applyLayers(
    x,
    pointwise(inner, `${name}-conv-1`, true),
    activation(`${name}-activation-1`),
    groupedConv2d({ filters: inner, kernelSize: 3, groups: Math.floor(groups), name: `${name}-conv-2` }),
    activation(`${name}-activation-2`),
    pointwise(channels, `${name}-conv-3`, false),
  );
  return addPaths(name, x, residual);
}

interface Plan {
  readonly channels: readonly number[];
  readonly smallest: readonly [height: number, width: number];
  readonly stage: (x: tf.SymbolicTensor, size: number) => tf.SymbolicTensor;
  readonly initialization: (model: tf.LayersModel) => Initialization;
}

function plan(what: string, options: R3ganOptions): Plan {
  const { imageShape, width = 768, blocks = 2, expansion = 2, groupSize = 16 } = options;
  checkInteger('width', width);
  checkInteger('blocks', blocks);
  checkInteger('expansion', expansion);
  checkInteger('groupSize', groupSize);
  checkImageShape(what, imageShape);
  const { channels = stageChannels(imageShape, width) } = options;
  channels.forEach((count, index) => {
    checkInteger(`channels[${index}]`, count);
  });
  if (channels.length === 0) throw new GanKitError('invalid-argument', 'channels must have at least 1 entry, not 0.');
  // Fixup (Zhang 2019) for 3 layers in a block: L^(-1 / (2 m - 2)) with L residual blocks in all.
  const residualGain = activationGain * (blocks * channels.length) ** (-1 / 4);
  return {
    channels,
    smallest: halved(what, imageShape, channels.length - 1),
    stage: (x, size) =>
      Array.from({ length: blocks }, (_, index) => `stage-${size}-block-${index}`).reduce(
        (value, name) => r3ganBlock(value, { name, expansion, groupSize }),
        x,
      ),
    initialization: (model) => (name, shape, random) => {
      const layer = model.layers[Number.parseInt(name, 10)]!.name;
      if (name.endsWith('basis')) {
        // D's is a convolution over the whole map; G's has no inputs to sum over.
        const deviation = layer === 'reduce' ? 1 / Math.sqrt(shape[0]! * shape[1]!) : 1;
        return random.normalTensor([...shape], 0, deviation);
      }
      if (layer.endsWith('-conv-3')) return undefined;
      return variancePreserving(/-conv-[12]$/.test(layer) ? residualGain : 1)(name, shape, random);
    },
  };
}

/**
 * R3GAN's generator: the latent, projected, scales a learned picture for each channel of the smallest map; {@link r3ganBlock}s at each
 * size, bilinear upsampling between, a 1x1 convolution at the end. No normalisation: kernels start with a variance that keeps that of
 * activations, scaled down by the number of blocks, and the last of every block from zero (Fixup). As published, 32x32 has
 * 20,732,160 parameters.
 * @throws GanKitError `invalid-shape` for images that cannot be halved as often as there are stages.
 */
export function r3ganGenerator(options: R3ganGeneratorOptions): Generator {
  const { imageShape, random, latentSize = 64, latentDistribution = 'normal', outputActivation = 'tanh' } = options;
  checkInteger('latentSize', latentSize);
  const { channels, smallest, stage, initialization } = plan('An R3GAN generator', options);
  const [height, width] = smallest;
  const latent = tf.input({ shape: [latentSize], name: 'latent' });
  let x = applyLayers(
    latent,
    tf.layers.dense({ units: channels[0]!, useBias: false, kernelInitializer: 'zeros', name: 'project' }),
    new ExpandBasis({ height, width, name: 'expand' }),
  );
  for (const [index, count] of channels.entries()) {
    if (index > 0) {
      if (channels[index - 1] !== count) x = applyLayers(x, pointwise(count, `channels-${index}`, false));
      // Nearest neighbour and [1, 2, 1] make [1, 3, 3, 1]: bilinear interpolation, zero beyond the border.
      x = applyLayers(
        x,
        tf.layers.upSampling2d({ size: [2, 2], name: `up-${index}` }),
        blur({ name: `blur-${index}` }),
      );
    }
    x = stage(x, index);
  }
  x = applyLayers(x, pointwise(imageShape[2], 'image', false));
  if (outputActivation === 'tanh') x = applyLayers(x, tf.layers.activation({ activation: 'tanh', name: 'range' }));
  const model = tf.model({ inputs: latent, outputs: x, name: 'r3gan-generator' });
  const generator = generatorFromLayers(model, { latentDistribution });
  initialize(generator.variables, initialization(model), random);
  return generator;
}

/**
 * R3GAN's discriminator, the generator's mirror image: {@link r3ganBlock}s at each size, bilinear downsampling between, for each channel
 * the inner product of the smallest map with a learned picture, a dense layer. As published, 32x32 has 20,683,776 parameters.
 * Features: what leaves each size, and last the [batch, channels] that the logit is read from.
 * @throws GanKitError `invalid-shape` for images that cannot be halved as often as there are stages.
 */
export function r3ganDiscriminator(options: R3ganDiscriminatorOptions): Discriminator {
  const { imageShape, random, verdict = 'logit' } = options;
  const { channels, stage, initialization } = plan('An R3GAN discriminator', options);
  const samples = tf.input({ shape: [...imageShape], name: 'samples' });
  const last = channels.length - 1;
  let x = applyLayers(samples, pointwise(channels[last]!, 'image', false));
  for (let index = last; index >= 0; index--) {
    x = stage(x, index);
    if (index === 0) continue;
    const down = tf.layers.averagePooling2d({ poolSize: 2, strides: 2, name: `down-${index}` });
    x = applyLayers(x, blur({ name: `blur-${index}` }), down);
    const next = channels[index - 1]!;
    if (channels[index] !== next) x = applyLayers(x, pointwise(next, `channels-${index}`, false));
  }
  const outputs = applyLayers(
    x,
    new ReduceBasis({ name: 'reduce' }),
    tf.layers.dense({
      units: verdict === 'two-class' ? 2 : 1,
      useBias: false,
      kernelInitializer: 'zeros',
      name: 'logits',
    }),
  );
  const model = tf.model({ inputs: samples, outputs, name: 'r3gan-discriminator' });
  const lastBlock = (options.blocks ?? 2) - 1;
  const taps = [...channels.keys()].reverse().map((index) => `stage-${index}-block-${lastBlock}`);
  const discriminator = discriminatorFromLayers(model, { features: [...taps, 'reduce'], verdict });
  initialize(discriminator.variables, initialization(model), random);
  return discriminator;
}
