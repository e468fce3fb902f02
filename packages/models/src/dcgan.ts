// Deep convolutional GAN (Radford, Metz and Chintala 2016).
import {
  checkInteger,
  type Discriminator,
  formatShape,
  GanKitError,
  type Generator,
  type LatentDistribution,
  type RandomStream,
} from '@gankit/core';
import { batchNormalization, type NormalizedActivation } from '@gankit/engine/layers';
import * as tf from '@tensorflow/tfjs';
import { autoencodingDiscriminator } from './autoencoding-discriminator.ts';
import { discriminatorFromLayers } from './discriminator-from-layers.ts';
import { generatorFromLayers } from './generator-from-layers.ts';
import { dcganInitialization, initialize } from './initialization.ts';
import type { Verdict } from './mlp.ts';

/** The shape of an image: [height, width, channels]. */
export type ImageShape = readonly [height: number, width: number, channels: number];

export interface DcganGeneratorOptions {
  /** Shape of the images. Height and width must be halvable at least once down to 4 or more: 28, 32, 64, ... */
  readonly imageShape: ImageShape;
  /** Where the weights come from. */
  readonly random: RandomStream;
  /** Length of the latent vector; 100 by default. */
  readonly latentSize?: number;
  /** `normal` by default; the paper draws uniformly. */
  readonly latentDistribution?: LatentDistribution;
  /** Channels at full resolution; they double with each halving. 64 by default. */
  readonly width?: number;
}

export interface DcganDiscriminatorOptions {
  readonly imageShape: ImageShape;
  /** Where the weights come from. */
  readonly random: RandomStream;
  /** Channels of the first convolution; they double with each halving. 64 by default. */
  readonly width?: number;
  /** Batch normalisation after every convolution but the first; false by default (with it D is not a function of one sample). */
  readonly batchNorm?: boolean;
  /**
   * What it says of an image: one `logit` (the default), `two-class` for the two-class softmax loss, or an `energy`, the
   * reconstruction error of an autoencoder whose decoder mirrors the convolutions.
   */
  readonly verdict?: Verdict;
  /** With `energy`, units of the code between encoder and decoder; `width` by default. */
  readonly codeSize?: number;
}

const kernelSize = 4;
const smallestSide = 4;
const leakySlope = 0.2;
/** The paper's momentum for moving averages, as in its reference code. */
const batchNormMomentum = 0.9;
const batchNormEpsilon = 1e-5;

/** How often both sides can be halved exactly without falling under the smallest side. */
function halvings([height, width]: ImageShape): number {
  let count = 0;
  while ([height, width].every((side) => side % 2 ** (count + 1) === 0 && side / 2 ** (count + 1) >= smallestSide)) {
    count++;
  }
  return count;
}

function checkImageShape(imageShape: ImageShape): number {
  imageShape.forEach((size) => {
    checkInteger('Each size of imageShape', size);
  });
  const count = halvings(imageShape);
  if (imageShape.length !== 3 || count === 0) {
    throw new GanKitError(
      'invalid-shape',
      `A DCGAN needs images [height, width, channels] whose sides are even and at least ${2 * smallestSide}, not ${formatShape(imageShape)}; pad or crop them, for example to 32 x 32.`,
      { value: imageShape },
    );
  }
  return count;
}

function normalization(name: string, activation: NormalizedActivation): tf.layers.Layer {
  return batchNormalization({ momentum: batchNormMomentum, epsilon: batchNormEpsilon, activation, name });
}

/**
 * The DCGAN generator: a dense projection to the smallest image, then a transposed convolution (4x4, stride 2) for each
 * doubling, all with batch normalisation and ReLU; a 3x3 convolution and tanh make the image.
 *
 * For 28x28 that is 7x7x128, 14x14x128, 28x28x64, image; for 32x32 it is 4x4x256, 8x8x256, 16x16x128, 32x32x64, image.
 * Weights start from N(0, 0.02).
 * @throws GanKitError `invalid-shape` for images that cannot be halved.
 */
export function dcganGenerator(options: DcganGeneratorOptions): Generator {
  const { imageShape, random, latentSize = 100, latentDistribution = 'normal', width = 64 } = options;
  checkInteger('latentSize', latentSize);
  checkInteger('width', width);
  const doublings = checkImageShape(imageShape);
  const [height, imageWidth, channels] = imageShape;
  const start = [height / 2 ** doublings, imageWidth / 2 ** doublings, width * 2 ** (doublings - 1)];
  const layers: tf.layers.Layer[] = [
    tf.layers.dense({
      units: tf.util.sizeFromShape(start),
      useBias: false,
      kernelInitializer: 'zeros',
      inputShape: [latentSize],
      name: 'project',
    }),
    tf.layers.reshape({ targetShape: start, name: 'start' }),
    normalization('start-relu', 'relu'),
  ];
  for (let index = 0; index < doublings; index++) {
    layers.push(
      tf.layers.conv2dTranspose({
        filters: width * 2 ** (doublings - 1 - index),
        kernelSize,
        strides: 2,
        padding: 'same',
        useBias: false,
        kernelInitializer: 'zeros',
        name: `up-${index}`,
      }),
      normalization(`up-${index}-relu`, 'relu'),
    );
  }
  layers.push(
    tf.layers.conv2d({ filters: channels, kernelSize: 3, padding: 'same', kernelInitializer: 'zeros', name: 'image' }),
    tf.layers.activation({ activation: 'tanh', name: 'range' }),
  );
  const generator = generatorFromLayers(tf.sequential({ layers, name: 'dcgan-generator' }), { latentDistribution });
  initialize(generator.variables, dcganInitialization, random);
  return generator;
}

/** From the flat encoding to a code, and back to an image by a transposed convolution for each halving. */
function decoder([height, imageWidth, channels]: ImageShape, width: number, codeSize: number, count: number) {
  const start = [height / 2 ** count, imageWidth / 2 ** count, width * 2 ** (count - 1)];
  return [
    tf.layers.dense({ units: codeSize, kernelInitializer: 'zeros', name: 'code' }),
    tf.layers.dense({ units: tf.util.sizeFromShape(start), kernelInitializer: 'zeros', name: 'decode' }),
    tf.layers.reshape({ targetShape: start, name: 'decode-start' }),
    ...Array.from({ length: count }, (_, index) => [
      tf.layers.reLU({ name: `decode-${index}-relu` }),
      tf.layers.conv2dTranspose({
        filters: index === count - 1 ? channels : width * 2 ** (count - 2 - index),
        kernelSize,
        strides: 2,
        padding: 'same',
        kernelInitializer: 'zeros',
        name: `decode-${index}`,
      }),
    ]).flat(),
  ];
}

/**
 * The DCGAN discriminator: a convolution (4x4, stride 2) with leaky ReLU (slope 0.2) for each halving, then a dense layer.
 * Every activation is a feature (with `energy`, the code). Weights start from N(0, 0.02).
 * @throws GanKitError `invalid-shape` for images that cannot be halved.
 */
export function dcganDiscriminator(options: DcganDiscriminatorOptions): Discriminator {
  const { imageShape, random, width = 64, batchNorm = false, verdict = 'logit' } = options;
  const { codeSize = width } = options;
  checkInteger('width', width);
  checkInteger('codeSize', codeSize);
  const count = checkImageShape(imageShape);
  const layers: tf.layers.Layer[] = [];
  for (let index = 0; index < count; index++) {
    const normalized = batchNorm && index > 0;
    layers.push(
      tf.layers.conv2d({
        filters: width * 2 ** index,
        kernelSize,
        strides: 2,
        padding: 'same',
        useBias: !normalized,
        kernelInitializer: 'zeros',
        name: `down-${index}`,
        ...(index === 0 ? { inputShape: [...imageShape] } : {}),
      }),
      normalized
        ? normalization(`down-${index}-relu`, { leakyRelu: leakySlope })
        : tf.layers.leakyReLU({ alpha: leakySlope, name: `down-${index}-relu` }),
    );
  }
  layers.push(tf.layers.flatten({ name: 'flat' }));
  if (verdict === 'energy') layers.push(...decoder(imageShape, width, codeSize, count));
  else {
    layers.push(
      tf.layers.dense({ units: verdict === 'two-class' ? 2 : 1, kernelInitializer: 'zeros', name: 'logits' }),
    );
  }
  const model = tf.sequential({ layers, name: 'dcgan-discriminator' });
  const features = Array.from({ length: count }, (_, index) => `down-${index}-relu`);
  const discriminator =
    verdict === 'energy'
      ? autoencodingDiscriminator(model, { features: ['code'] })
      : discriminatorFromLayers(model, { features, verdict });
  initialize(discriminator.variables, dcganInitialization, random);
  return discriminator;
}
