// Deep convolutional GAN (Radford, Metz and Chintala 2016).
import {
  checkInteger,
  type Discriminator,
  type Generator,
  type LatentDistribution,
  type RandomStream,
} from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { autoencodingDiscriminator } from './autoencoding-discriminator.ts';
import { discriminatorFromLayers } from './discriminator-from-layers.ts';
import { generatorFromLayers } from './generator-from-layers.ts';
import { checkImageShape, type ImageShape } from './image-shape.ts';
import { dcganInitialization, initialize } from './initialization.ts';
import type { Verdict } from './mlp.ts';
import { type Normalization, normalizedActivation } from './normalization.ts';

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
  /** What follows each convolution but the last; `batch` by default. See {@link Normalization}. */
  readonly normalization?: Normalization;
  /**
   * What makes the image: a 3x3 `convolution` at full resolution (the default; no checkerboard), or the last `transposed`
   * convolution itself, without bias, as in the paper.
   */
  readonly imageLayer?: 'convolution' | 'transposed';
}

export interface DcganDiscriminatorOptions {
  readonly imageShape: ImageShape;
  /** Where the weights come from. */
  readonly random: RandomStream;
  /** Channels of the first convolution; they double with each halving. 64 by default. */
  readonly width?: number;
  /** Batch normalisation after every convolution but the first; false by default (with it D is not a function of one sample). */
  readonly batchNorm?: boolean;
  /** What follows every convolution but the first; `batch` with `batchNorm`, otherwise `none`. See {@link Normalization}. */
  readonly normalization?: Normalization;
  /**
   * What it says of an image: one `logit` (the default), `two-class` for the two-class softmax loss, or an `energy`, the
   * reconstruction error of an autoencoder whose decoder mirrors the convolutions.
   */
  readonly verdict?: Verdict;
  /** With `energy`, units of the code between encoder and decoder; `width` by default. */
  readonly codeSize?: number;
}

const kernelSize = 4;
const leakySlope = 0.2;

/**
 * The DCGAN generator: a dense projection to the smallest image, then a transposed convolution (4x4, stride 2) for each
 * doubling, all with batch normalisation and ReLU; a 3x3 convolution and tanh make the image.
 *
 * For 28x28 that is 7x7x128, 14x14x128, 28x28x64, image; for 32x32 it is 4x4x256, 8x8x256, 16x16x128, 32x32x64, image. With
 * `imageLayer: 'transposed'` the last doubling makes the image: for 64x64 4x4x512, 8x8x256, 16x16x128, 32x32x64, image.
 * Weights start from N(0, 0.02).
 * @throws GanKitError `invalid-shape` for images that cannot be halved.
 */
export function dcganGenerator(options: DcganGeneratorOptions): Generator {
  const { imageShape, random, latentSize = 100, latentDistribution = 'normal', width = 64 } = options;
  const { normalization = 'batch', imageLayer = 'convolution' } = options;
  checkInteger('latentSize', latentSize);
  checkInteger('width', width);
  const doublings = checkImageShape('A DCGAN', imageShape);
  const [height, imageWidth, channels] = imageShape;
  const start = [height / 2 ** doublings, imageWidth / 2 ** doublings, width * 2 ** (doublings - 1)];
  const useBias = normalization === 'none';
  const layers: tf.layers.Layer[] = [
    tf.layers.dense({
      units: tf.util.sizeFromShape(start),
      useBias,
      kernelInitializer: 'zeros',
      inputShape: [latentSize],
      name: 'project',
    }),
    tf.layers.reshape({ targetShape: start, name: 'start' }),
    ...normalizedActivation(normalization, 'relu', 'start-relu'),
  ];
  const transposed = (filters: number, name: string, withBias: boolean) =>
    tf.layers.conv2dTranspose({
      filters,
      kernelSize,
      strides: 2,
      padding: 'same',
      useBias: withBias,
      kernelInitializer: 'zeros',
      name,
    });
  const hidden = imageLayer === 'transposed' ? doublings - 1 : doublings;
  for (let index = 0; index < hidden; index++) {
    const filters = width * 2 ** (hidden - 1 - index);
    layers.push(
      transposed(filters, `up-${index}`, useBias),
      ...normalizedActivation(normalization, 'relu', `up-${index}-relu`),
    );
  }
  layers.push(
    imageLayer === 'transposed'
      ? transposed(channels, 'image', false)
      : tf.layers.conv2d({
          filters: channels,
          kernelSize: 3,
          padding: 'same',
          kernelInitializer: 'zeros',
          name: 'image',
        }),
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
 * Every activation is a feature; the last, which the dense layer reads, is flattened to [batch, channels] (with `energy`, the
 * only feature is the code). Weights start from N(0, 0.02).
 * @throws GanKitError `invalid-shape` for images that cannot be halved.
 */
export function dcganDiscriminator(options: DcganDiscriminatorOptions): Discriminator {
  const { imageShape, random, width = 64, batchNorm = false, verdict = 'logit' } = options;
  const { codeSize = width, normalization = batchNorm ? 'batch' : 'none' } = options;
  checkInteger('width', width);
  checkInteger('codeSize', codeSize);
  const count = checkImageShape('A DCGAN', imageShape);
  const layers: tf.layers.Layer[] = [];
  for (let index = 0; index < count; index++) {
    const follows = index > 0 ? normalization : 'none';
    layers.push(
      tf.layers.conv2d({
        filters: width * 2 ** index,
        kernelSize,
        strides: 2,
        padding: 'same',
        useBias: follows === 'none',
        kernelInitializer: 'zeros',
        name: `down-${index}`,
        ...(index === 0 ? { inputShape: [...imageShape] } : {}),
      }),
      ...normalizedActivation(follows, { leakyRelu: leakySlope }, `down-${index}-relu`),
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
  const features = Array.from({ length: count }, (_, index) => (index < count - 1 ? `down-${index}-relu` : 'flat'));
  const discriminator =
    verdict === 'energy'
      ? autoencodingDiscriminator(model, { features: ['code'] })
      : discriminatorFromLayers(model, { features, verdict });
  initialize(discriminator.variables, dcganInitialization, random);
  return discriminator;
}
