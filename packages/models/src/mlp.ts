// Multi-layer perceptrons: for points of the plane and for small flattened images.
import {
  checkInteger,
  type Discriminator,
  type Generator,
  type LatentDistribution,
  type RandomStream,
} from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { discriminatorFromLayers } from './discriminator-from-layers.ts';
import { generatorFromLayers } from './generator-from-layers.ts';
import { glorotInitialization, heInitialization, type Initialization, initialize } from './initialization.ts';

/** What follows each hidden layer. `leakyRelu` has slope 0.2 for negative values. */
export type HiddenActivation = 'relu' | 'leakyRelu' | 'tanh';

const leakySlope = 0.2;

export interface MlpGeneratorOptions {
  /** Shape of one sample: `[2]` for a point, `[28, 28, 1]` for an image. */
  readonly outputShape: readonly number[];
  /** Where the weights come from. */
  readonly random: RandomStream;
  /** Length of the latent vector; 16 by default. */
  readonly latentSize?: number;
  /** `normal` by default. */
  readonly latentDistribution?: LatentDistribution;
  /** Widths of the hidden layers; [128, 128] by default. */
  readonly hidden?: readonly number[];
  /** `relu` by default. */
  readonly activation?: HiddenActivation;
  /** `tanh` keeps samples within [-1, 1], which images need; the default is `linear` for points and `tanh` for images. */
  readonly outputActivation?: 'linear' | 'tanh';
}

export interface MlpDiscriminatorOptions {
  /** Shape of one sample. */
  readonly inputShape: readonly number[];
  /** Where the weights come from. */
  readonly random: RandomStream;
  /** Widths of the hidden layers; [128, 128] by default. */
  readonly hidden?: readonly number[];
  /** `leakyRelu` by default. */
  readonly activation?: HiddenActivation;
  /** Numbers in the verdict; 1 by default, 2 for the two-class softmax loss. */
  readonly logits?: number;
}

function activationLayer(activation: HiddenActivation, name: string): tf.layers.Layer {
  if (activation === 'leakyRelu') return tf.layers.leakyReLU({ alpha: leakySlope, name });
  return activation === 'relu' ? tf.layers.reLU({ name }) : tf.layers.activation({ activation, name });
}

function dense(units: number, name: string): tf.layers.Layer {
  return tf.layers.dense({ units, name, kernelInitializer: 'zeros' });
}

function initializationFor(activation: HiddenActivation): Initialization {
  return activation === 'tanh' ? glorotInitialization : heInitialization;
}

function checkWidths(hidden: readonly number[]): void {
  hidden.forEach((width, index) => {
    checkInteger(`hidden[${index}]`, width);
  });
}

/**
 * A generator of dense layers. Hidden kernels are initialised for their activation (He or Glorot), the last by Glorot; biases
 * are zero.
 * @throws GanKitError `invalid-argument` for a width that is not a whole positive number.
 */
export function mlpGenerator(options: MlpGeneratorOptions): Generator {
  const { outputShape, random, latentSize = 16, latentDistribution = 'normal', hidden = [128, 128] } = options;
  const { activation = 'relu', outputActivation = outputShape.length === 1 ? 'linear' : 'tanh' } = options;
  checkInteger('latentSize', latentSize);
  checkWidths(hidden);
  const input = tf.input({ shape: [latentSize], name: 'latent' });
  let x: tf.SymbolicTensor = input;
  hidden.forEach((width, index) => {
    x = dense(width, `hidden-${index}`).apply(x) as tf.SymbolicTensor;
    x = activationLayer(activation, `activation-${index}`).apply(x) as tf.SymbolicTensor;
  });
  x = dense(tf.util.sizeFromShape([...outputShape]), 'output').apply(x) as tf.SymbolicTensor;
  if (outputActivation === 'tanh') {
    x = tf.layers.activation({ activation: 'tanh', name: 'range' }).apply(x) as tf.SymbolicTensor;
  }
  if (outputShape.length > 1) {
    x = tf.layers.reshape({ targetShape: [...outputShape], name: 'samples' }).apply(x) as tf.SymbolicTensor;
  }
  const model = tf.model({ inputs: input, outputs: x, name: 'mlp-generator' });
  const generator = generatorFromLayers(model, { latentDistribution });
  initialize(generator.variables, initializationFor(activation), random);
  return generator;
}

/**
 * A discriminator of dense layers, with every hidden activation as a feature. Initialised as {@link mlpGenerator}.
 * @throws GanKitError `invalid-argument` for a width that is not a whole positive number.
 */
export function mlpDiscriminator(options: MlpDiscriminatorOptions): Discriminator {
  const { inputShape, random, hidden = [128, 128], activation = 'leakyRelu', logits = 1 } = options;
  checkWidths(hidden);
  checkInteger('logits', logits);
  const input = tf.input({ shape: [...inputShape], name: 'samples' });
  let x: tf.SymbolicTensor = input;
  if (inputShape.length > 1) x = tf.layers.flatten({ name: 'flat' }).apply(x) as tf.SymbolicTensor;
  hidden.forEach((width, index) => {
    x = dense(width, `hidden-${index}`).apply(x) as tf.SymbolicTensor;
    x = activationLayer(activation, `activation-${index}`).apply(x) as tf.SymbolicTensor;
  });
  x = dense(logits, 'logits').apply(x) as tf.SymbolicTensor;
  const model = tf.model({ inputs: input, outputs: x, name: 'mlp-discriminator' });
  const features = hidden.map((_, index) => `activation-${index}`);
  const discriminator = discriminatorFromLayers(model, { features });
  initialize(discriminator.variables, initializationFor(activation), random);
  return discriminator;
}
