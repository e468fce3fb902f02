// The minimal modern baseline of R3GAN (Huang, Gokaslan, Kuleshov and Tompkin 2024): residual networks without normalisation, made for
// the relativistic loss with R1 and R2.
import '@gankit/engine/gradients';
import {
  checkChoice,
  checkInteger,
  checkOptions,
  type Discriminator,
  GanKitError,
  type Generator,
  type LatentDistribution,
  type Verdict,
} from '@gankit/core';
import { blur } from '@gankit/engine/layers';
import * as tf from '@tensorflow/tfjs';
import { outputActivations, verdictUnits, withoutEnergy } from './choices.ts';
import { discriminatorFromLayers } from './discriminator-from-layers.ts';
import { generatorFromLayers } from './generator-from-layers.ts';
import { groupedConv2d } from './grouped-convolution.ts';
import { type Initialization, initialize, variancePreserving } from './initialization.ts';
import {
  checkEither,
  type DiscriminatorOptions,
  discriminatorNames,
  type GeneratorOptions,
  generatorNames,
} from './player-options.ts';
import { addPaths, applyLayers } from './residual-block.ts';
import { halved, type ImageShape, imageShapeOf, someHalvings } from './sample-shape.ts';
import { ExpandBasis, ReduceBasis } from './spatial-basis.ts';
import { stageChannels } from './stage-channels.ts';

/** What both players take. Both sides of the images must be even and at least 8. */
interface R3ganOptions {
  /**
   * Scales the channels of every layer: those of the maps up to 32 pixels, which halve with each doubling above; 768 by default, as
   * published. 32 to 128 is quick.
   */
  readonly width?: number | undefined;
  /** Instead of `width`: the channels of each stage, from the smallest map to the image's size. */
  readonly channels?: readonly number[] | undefined;
  /** Residual blocks at each size; 2 by default. */
  readonly blocksPerStage?: number | undefined;
  /** How many times more channels there are within a block; 2 by default. */
  readonly expansion?: number | undefined;
  /** Channels of each group of the 3x3 convolutions; 16 by default. A block with fewer has one group. */
  readonly channelsPerGroup?: number | undefined;
}

const r3ganNames = {
  width: 'optional',
  channels: 'optional',
  blocksPerStage: 'optional',
  expansion: 'optional',
  channelsPerGroup: 'optional',
} as const;

export interface R3ganGeneratorOptions extends R3ganOptions, GeneratorOptions {
  /** Length of the latent vector; 64 by default. */
  readonly latentSize?: number | undefined;
  /** How latents are drawn; `normal` by default. */
  readonly latentDistribution?: LatentDistribution | undefined;
  /** `tanh` (the default) keeps images within [-1, 1]; the paper has `linear`. */
  readonly outputActivation?: 'tanh' | 'linear' | undefined;
}

export interface R3ganDiscriminatorOptions extends R3ganOptions, DiscriminatorOptions {
  /** One `logit` for each image (the default), or `two-class` for the two-class softmax loss; there is no `energy`. */
  readonly verdict?: Verdict | undefined;
}

export interface R3ganBlockOptions {
  /** The block's output is the layer of this name, its convolutions are `<name>-conv-1` to `-3`. */
  readonly name: string;
  /** See {@link R3ganGeneratorOptions}. */
  readonly expansion?: number | undefined;
  readonly channelsPerGroup?: number | undefined;
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
  checkOptions('r3ganBlock', options, { name: 'required', expansion: 'optional', channelsPerGroup: 'optional' });
  const { name, expansion = 2, channelsPerGroup = 16 } = options;
  const channels = x.shape.at(-1)!;
  const inner = channels * expansion;
  if (inner > channelsPerGroup && inner % channelsPerGroup !== 0) {
    throw new GanKitError(
      'invalid-shape',
      `The ${inner} inner channels of ${name} are no multiple of channelsPerGroup ${channelsPerGroup}; choose a width or a channelsPerGroup that fits.`,
      { value: channelsPerGroup },
    );
  }
  const groups = Math.max(1, inner / channelsPerGroup);
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

function plan(what: string, imageShape: ImageShape, options: R3ganOptions): Plan {
  const { width = 768, blocksPerStage = 2, expansion = 2, channelsPerGroup = 16 } = options;
  checkEither(options, 'channels', 'width');
  checkInteger('width', width);
  checkInteger('blocksPerStage', blocksPerStage);
  checkInteger('expansion', expansion);
  checkInteger('channelsPerGroup', channelsPerGroup);
  someHalvings(what, imageShape);
  const { channels = stageChannels(imageShape, width) } = options;
  for (const [index, count] of channels.entries()) checkInteger(`channels[${index}]`, count);
  if (channels.length === 0) throw new GanKitError('invalid-argument', 'channels must have at least 1 entry, not 0.');
  // Fixup (Zhang 2019) for 3 layers in a block: L^(-1 / (2 m - 2)) with L residual blocks in all.
  const residualGain = activationGain * (blocksPerStage * channels.length) ** (-1 / 4);
  return {
    channels,
    smallest: halved(what, imageShape, channels.length - 1),
    stage: (x, size) =>
      Array.from({ length: blocksPerStage }, (_, index) => `stage-${size}-block-${index}`).reduce(
        (value, name) => r3ganBlock(value, { name, expansion, channelsPerGroup }),
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
 * @throws GanKitError `invalid-shape` for images that cannot be halved as often as there are stages, `invalid-argument` for an unknown
 *   or missing option, `incompatible` for `width` and `channels` together.
 */
export function r3ganGenerator(options: R3ganGeneratorOptions): Generator & Disposable {
  checkOptions('r3ganGenerator', options, {
    ...generatorNames,
    ...r3ganNames,
    latentSize: 'optional',
    latentDistribution: 'optional',
    outputActivation: 'optional',
  });
  const { random, latentSize = 64, latentDistribution, outputActivation = 'tanh' } = options;
  checkInteger('latentSize', latentSize);
  checkChoice('output activation', outputActivation, outputActivations);
  const what = 'An R3GAN generator';
  const imageShape = imageShapeOf(what, 'outputShape', options.outputShape);
  const { channels, smallest, stage, initialization } = plan(what, imageShape, options);
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
  initialize(generator.variables, initialization(model), random.fork(model.name));
  return generator;
}

/**
 * R3GAN's discriminator, the generator's mirror image: {@link r3ganBlock}s at each size, bilinear downsampling between, for each channel
 * the inner product of the smallest map with a learned picture, a dense layer. As published, 32x32 has 20,683,776 parameters.
 * Features: what leaves each size, and last the [batch, channels] that the logit is read from.
 * @throws GanKitError as {@link r3ganGenerator}, and `incompatible` for an energy.
 */
export function r3ganDiscriminator(options: R3ganDiscriminatorOptions): Discriminator & Disposable {
  checkOptions('r3ganDiscriminator', options, { ...discriminatorNames, ...r3ganNames, verdict: 'optional' });
  const { random, blocksPerStage = 2 } = options;
  const verdict = withoutEnergy('r3gan', options.verdict ?? 'logit');
  const what = 'An R3GAN discriminator';
  const imageShape = imageShapeOf(what, 'inputShape', options.inputShape);
  const { channels, stage, initialization } = plan(what, imageShape, options);
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
      units: verdictUnits(verdict),
      useBias: false,
      kernelInitializer: 'zeros',
      name: 'logits',
    }),
  );
  const model = tf.model({ inputs: samples, outputs, name: 'r3gan-discriminator' });
  const taps = [...channels.keys()].reverse().map((index) => `stage-${index}-block-${blocksPerStage - 1}`);
  const discriminator = discriminatorFromLayers(model, { features: [...taps, 'reduce'], verdict });
  initialize(discriminator.variables, initialization(model), random.fork(model.name));
  return discriminator;
}
