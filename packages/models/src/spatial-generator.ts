// A generator fed by a matrix of noise (spatial GAN, Jetchev, Bergmann and Vollgraf 2016), for textures.
import {
  checkInteger,
  checkOptions,
  formatShape,
  GanKitError,
  type Generator,
  type LatentDistribution,
} from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { generatorFromLayers } from './generator-from-layers.ts';
import { dcganInitialization, initialize } from './initialization.ts';
import { type Normalization, normalizedActivation } from './normalization.ts';
import { checkMeaningless, type GeneratorOptions, generatorNames } from './player-options.ts';
import { halved, halvingsUpTo, imageShapeOf } from './sample-shape.ts';

export interface SpatialGeneratorOptions extends GeneratorOptions {
  /** Numbers at each position of the matrix of noise; 32 by default. */
  readonly latentChannels?: number | undefined;
  /** How latents are drawn; `uniform` by default, as in the paper. */
  readonly latentDistribution?: LatentDistribution | undefined;
  /** How often height and width double; by default as often as both sides allow, at most 4 times. More makes larger textures. */
  readonly doublings?: number | undefined;
  /** Scales the channels of every layer: those before the image, which double with each halving. 64 by default. */
  readonly width?: number | undefined;
  /** What follows each convolution but the last; `batch` by default. */
  readonly normalization?: Normalization | undefined;
}

const kernelSize = 5;
const mostDoublings = 4;

/**
 * The spatial generator: its latent is a matrix of noise [height / 2^doublings, width / 2^doublings, latentChannels], and there is
 * nothing but transposed convolutions (5x5, stride 2) with batch normalisation and ReLU, tanh at the end. Each number decides about
 * its neighbourhood only. Its weights do not depend on the size of the image: those learned on small images fit a generator of
 * larger ones. Weights start from N(0, 0.02).
 * @throws GanKitError `invalid-shape` for images that cannot be halved `doublings` times, at least once, `invalid-argument` for an
 *   unknown or missing option, `incompatible` for `width` or `normalization` where there is nothing between noise and image.
 */
export function spatialGenerator(options: SpatialGeneratorOptions): Generator & Disposable {
  checkOptions('spatialGenerator', options, {
    ...generatorNames,
    latentChannels: 'optional',
    latentDistribution: 'optional',
    doublings: 'optional',
    width: 'optional',
    normalization: 'optional',
  });
  const { random, latentChannels = 32, latentDistribution = 'uniform' } = options;
  const imageShape = imageShapeOf('A spatial generator', 'outputShape', options.outputShape);
  const { width = 64, normalization = 'batch', doublings = halvingsUpTo(mostDoublings, imageShape) } = options;
  checkInteger('latentChannels', latentChannels);
  checkInteger('width', width);
  if (options.doublings === undefined && doublings < 1) {
    throw new GanKitError(
      'invalid-shape',
      `A spatial generator needs images [height, width, channels] whose sides are even, not ${formatShape(imageShape)}; pad or crop them.`,
      { value: imageShape },
    );
  }
  checkInteger('doublings', doublings);
  if (doublings === 1) {
    checkMeaningless(
      options,
      ['width', 'normalization'],
      'a spatial generator of one doubling, which is one convolution',
    );
  }
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
      ...(index === 0 && { inputShape: latentShape }),
    });
    return [conv, ...(last ? [] : normalizedActivation(normalization, 'relu', `${name}-relu`))];
  }).flat();
  const range = tf.layers.activation({ activation: 'tanh', name: 'range' });
  const model = tf.sequential({ layers: [...layers, range], name: 'spatial-generator' });
  const generator = generatorFromLayers(model, { latentDistribution });
  initialize(generator.variables, dcganInitialization, random.fork(model.name));
  return generator;
}
