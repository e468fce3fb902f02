// Multi-layer perceptrons: for points of the plane and for small flattened images.
import {
  checkChoice,
  checkInteger,
  checkOptions,
  type Discriminator,
  type Generator,
  type LatentDistribution,
  type Verdict,
} from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { autoencodingDiscriminator } from './autoencoding-discriminator.ts';
import { outputActivations, verdicts, verdictUnits } from './choices.ts';
import { discriminatorFromLayers } from './discriminator-from-layers.ts';
import { generatorFromLayers } from './generator-from-layers.ts';
import { glorotInitialization, heInitialization, type Initialization, initialize } from './initialization.ts';
import {
  checkMeaningless,
  type DiscriminatorOptions,
  discriminatorNames,
  type GeneratorOptions,
  generatorNames,
} from './player-options.ts';
import { checkSampleShape } from './sample-shape.ts';

/** What follows each hidden layer. `leakyRelu` has slope 0.2 for negative values. */
export type HiddenActivation = 'relu' | 'leakyRelu' | 'tanh';

const leakySlope = 0.2;

export interface MlpGeneratorOptions extends GeneratorOptions {
  /** Length of the latent vector; 16 by default. */
  readonly latentSize?: number | undefined;
  /** How latents are drawn; `normal` by default. */
  readonly latentDistribution?: LatentDistribution | undefined;
  /** Widths of the hidden layers; [128, 128] by default. */
  readonly hidden?: readonly number[] | undefined;
  /** `relu` by default. */
  readonly activation?: HiddenActivation | undefined;
  /** `tanh` keeps samples within [-1, 1], which images need; the default is `linear` for points and `tanh` for images. */
  readonly outputActivation?: 'linear' | 'tanh' | undefined;
}

export interface MlpDiscriminatorOptions extends DiscriminatorOptions {
  /** Widths of the hidden layers; [128, 128] by default. */
  readonly hidden?: readonly number[] | undefined;
  /** `leakyRelu` by default. */
  readonly activation?: HiddenActivation | undefined;
  /**
   * What it says of a sample: one `logit` (the default), `two-class` for the two-class softmax loss, or an `energy`, the
   * reconstruction error of an autoencoder whose decoder mirrors the hidden layers.
   */
  readonly verdict?: Verdict | undefined;
  /** Only with `energy`: units of the code between encoder and decoder; an eighth of the last hidden layer by default. */
  readonly codeSize?: number | undefined;
}

function activationLayer(activation: HiddenActivation, name: string): tf.layers.Layer {
  if (activation === 'leakyRelu') return tf.layers.leakyReLU({ alpha: leakySlope, name });
  return activation === 'relu' ? tf.layers.reLU({ name }) : tf.layers.activation({ activation, name });
}

function dense(units: number, name: string): tf.layers.Layer {
  return tf.layers.dense({ units, name, kernelInitializer: 'zeros' });
}

function hiddenLayers(
  input: tf.SymbolicTensor,
  widths: readonly number[],
  activation: HiddenActivation,
  prefix: string,
): tf.SymbolicTensor {
  return widths.reduce((x, width, index) => {
    const summed = dense(width, `${prefix}hidden-${index}`).apply(x) as tf.SymbolicTensor;
    return activationLayer(activation, `${prefix}activation-${index}`).apply(summed) as tf.SymbolicTensor;
  }, input);
}

function initializationFor(activation: HiddenActivation): Initialization {
  return activation === 'tanh' ? glorotInitialization : heInitialization;
}

function checkHidden(hidden: readonly number[], activation: HiddenActivation): void {
  for (const [index, width] of hidden.entries()) checkInteger(`hidden[${index}]`, width);
  checkChoice('activation', activation, ['relu', 'leakyRelu', 'tanh']);
}

/**
 * A generator of dense layers. Hidden kernels are initialised for their activation (He or Glorot), the last by Glorot; biases
 * are zero.
 * @throws GanKitError `invalid-argument` for an unknown or missing option and a size that is not a whole positive number,
 *   `unknown-name` for a word that none of the options knows.
 */
export function mlpGenerator(options: MlpGeneratorOptions): Generator & Disposable {
  checkOptions('mlpGenerator', options, {
    ...generatorNames,
    latentSize: 'optional',
    latentDistribution: 'optional',
    hidden: 'optional',
    activation: 'optional',
    outputActivation: 'optional',
  });
  const {
    outputShape,
    random,
    latentSize = 16,
    latentDistribution,
    hidden = [128, 128],
    activation = 'relu',
  } = options;
  checkSampleShape('outputShape', outputShape);
  const { outputActivation = outputShape.length === 1 ? 'linear' : 'tanh' } = options;
  checkInteger('latentSize', latentSize);
  checkHidden(hidden, activation);
  checkChoice('output activation', outputActivation, outputActivations);
  const input = tf.input({ shape: [latentSize], name: 'latent' });
  let x = hiddenLayers(input, hidden, activation, '');
  x = dense(tf.util.sizeFromShape([...outputShape]), 'output').apply(x) as tf.SymbolicTensor;
  if (outputActivation === 'tanh') {
    x = tf.layers.activation({ activation: 'tanh', name: 'range' }).apply(x) as tf.SymbolicTensor;
  }
  if (outputShape.length > 1) {
    x = tf.layers.reshape({ targetShape: [...outputShape], name: 'samples' }).apply(x) as tf.SymbolicTensor;
  }
  const model = tf.model({ inputs: input, outputs: x, name: 'mlp-generator' });
  const generator = generatorFromLayers(model, { latentDistribution });
  initialize(generator.variables, initializationFor(activation), random.fork(model.name));
  return generator;
}

/**
 * A discriminator of dense layers, with every hidden activation as a feature, the last of them [batch, units] what the logits are
 * read from (with `energy`, the only feature is the code). Initialised as {@link mlpGenerator}.
 * @throws GanKitError as {@link mlpGenerator}, and `incompatible` for a `codeSize` without an energy.
 */
export function mlpDiscriminator(options: MlpDiscriminatorOptions): Discriminator & Disposable {
  checkOptions('mlpDiscriminator', options, {
    ...discriminatorNames,
    hidden: 'optional',
    activation: 'optional',
    verdict: 'optional',
    codeSize: 'optional',
  });
  const { inputShape, random, hidden = [128, 128], activation = 'leakyRelu', verdict = 'logit' } = options;
  checkSampleShape('inputShape', inputShape);
  checkHidden(hidden, activation);
  checkChoice('verdict', verdict, verdicts);
  if (verdict !== 'energy') checkMeaningless(options, ['codeSize'], `a discriminator with the verdict '${verdict}'`);
  const { codeSize = Math.max(1, Math.floor((hidden.at(-1) ?? 8) / 8)) } = options;
  checkInteger('codeSize', codeSize);
  const size = tf.util.sizeFromShape([...inputShape]);
  const input = tf.input({ shape: [...inputShape], name: 'samples' });
  let x: tf.SymbolicTensor = input;
  if (inputShape.length > 1) x = tf.layers.flatten({ name: 'flat' }).apply(x) as tf.SymbolicTensor;
  x = hiddenLayers(x, hidden, activation, '');
  if (verdict === 'energy') {
    x = dense(codeSize, 'code').apply(x) as tf.SymbolicTensor;
    x = hiddenLayers(x, [...hidden].reverse(), activation, 'decoder-');
    x = dense(size, 'reconstruction').apply(x) as tf.SymbolicTensor;
    if (inputShape.length > 1) {
      x = tf.layers.reshape({ targetShape: [...inputShape], name: 'samples-again' }).apply(x) as tf.SymbolicTensor;
    }
  } else {
    x = dense(verdictUnits(verdict), 'logits').apply(x) as tf.SymbolicTensor;
  }
  const model = tf.model({ inputs: input, outputs: x, name: 'mlp-discriminator' });
  const activations = hidden.map((_, index) => `activation-${index}`);
  const discriminator =
    verdict === 'energy'
      ? autoencodingDiscriminator(model, { features: ['code'] })
      : discriminatorFromLayers(model, { features: activations, verdict });
  initialize(discriminator.variables, initializationFor(activation), random.fork(model.name));
  return discriminator;
}
