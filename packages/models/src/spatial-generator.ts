// A generator fed by a matrix of noise (spatial GAN, Jetchev, Bergmann and Vollgraf 2016), for textures.
import {
  checkInteger,
  formatShape,
  GanKitError,
  type Generator,
  type LatentDistribution,
  type RandomStream,
} from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { generatorFromLayers } from './generator-from-layers.ts';
import { halved, type ImageShape } from './image-shape.ts';
import { dcganInitialization, initialize } from './initialization.ts';
import { type Normalization, normalizedActivation } from './normalization.ts';

export interface SpatialGeneratorOptions {
  /** Shape of the images; 2 to the power of `doublings` must divide both sides. */
  readonly imageShape: ImageShape;
  /** Where the weights come from. */
  readonly random: RandomStream;
  /** Numbers at each position of the matrix of noise; 32 by default. */
  readonly latentChannels?: number;
  /** `uniform` by default, as in the paper. */
  readonly latentDistribution?: LatentDistribution;
  /** How often height and width double; by default as often as both sides allow, at most 4 times. More makes larger textures. */
  readonly doublings?: number;
  /** Channels before the image; they double with each halving. 64 by default. */
  readonly width?: number;
  /** What follows each convolution but the last; `batch` by default. */
  readonly normalization?: Normalization;
}

const kernelSize = 5;
const mostDoublings = 4;

function possibleDoublings([height, width]: ImageShape): number {
  let count = 0;
  while (count < mostDoublings && height % 2 ** (count + 1) === 0 && width % 2 ** (count + 1) === 0) count++;
  return count;
}

/**
 * The spatial generator: its latent is a matrix of noise [height / 2^doublings, width / 2^doublings, latentChannels], and there is
 * nothing but transposed convolutions (5x5, stride 2) with batch normalisation and ReLU, tanh at the end. Each number decides about
 * its neighbourhood only. Its weights do not depend on the size of the image: those learned on small images fit a generator of
 * larger ones. Weights start from N(0, 0.02).
 * @throws GanKitError `invalid-shape` for images that cannot be halved `doublings` times, at least once.
 */
export function spatialGenerator(options: SpatialGeneratorOptions): Generator {
  const { imageShape, random, latentChannels = 32, latentDistribution = 'uniform' } = options;
  const { width = 64, normalization = 'batch', doublings = possibleDoublings(imageShape) } = options;
  checkInteger('latentChannels', latentChannels);
  checkInteger('width', width);
  if (doublings < 1) {
    throw new GanKitError(
      'invalid-shape',
      `A spatial generator needs images [height, width, channels] whose sides are even, not ${formatShape(imageShape)}.`,
      { value: imageShape },
    );
  }
  checkInteger('doublings', doublings);
  const latentShape = [...halved('A spatial generator', imageShape, doublings), latentChannels];
  const layers = Array.from({ length: doublings }, (_, index) => {
    const last = index === doublings - 1;
    const name = last ? 'image' : `up-${index}`;
    const conv = tf.layers.conv2dTranspose({
      filters: last ? imageShape[2] : width * 2 ** (doublings - 2 - index),
      kernelSize,
      strides: 2,
      padding: 'same',
      useBias: last || normalization === 'none',
      kernelInitializer: 'zeros',
      name,
      ...(index === 0 ? { inputShape: latentShape } : {}),
    });
    return [conv, ...(last ? [] : normalizedActivation(normalization, 'relu', `${name}-relu`))];
  }).flat();
  const range = tf.layers.activation({ activation: 'tanh', name: 'range' });
  const model = tf.sequential({ layers: [...layers, range], name: 'spatial-generator' });
  const generator = generatorFromLayers(model, { latentDistribution });
  initialize(generator.variables, dcganInitialization, random);
  return generator;
}
