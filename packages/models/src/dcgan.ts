// Deep convolutional GAN (Radford, Metz and Chintala 2016).
import {
  checkChoice,
  checkInteger,
  checkOptions,
  type Discriminator,
  formatShape,
  type Generator,
  type LatentDistribution,
  type Verdict,
} from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { autoencodingDiscriminator } from './autoencoding-discriminator.ts';
import { verdicts, verdictUnits } from './choices.ts';
import { discriminatorFromLayers } from './discriminator-from-layers.ts';
import { generatorFromLayers } from './generator-from-layers.ts';
import { dcganInitialization, initialize } from './initialization.ts';
import { type Normalization, normalizedActivation } from './normalization.ts';
import {
  checkMeaningless,
  type DiscriminatorOptions,
  discriminatorNames,
  type GeneratorOptions,
  generatorNames,
} from './player-options.ts';
import { type ImageShape, imageShapeOf, someHalvings } from './sample-shape.ts';

export interface DcganGeneratorOptions extends GeneratorOptions {
  /** Length of the latent vector; 100 by default. */
  readonly latentSize?: number | undefined;
  /** How latents are drawn; `normal` by default, the paper draws uniformly. */
  readonly latentDistribution?: LatentDistribution | undefined;
  /** Scales the channels of every layer: those at full resolution, which double with each halving. 64 by default. */
  readonly width?: number | undefined;
  /** What follows each convolution but the last; `batch` by default. See {@link Normalization}. */
  readonly normalization?: Normalization | undefined;
  /**
   * What makes the image: a 3x3 `convolution` at full resolution (the default; no checkerboard), or the last `transposed`
   * convolution itself, without bias, as in the paper.
   */
  readonly imageLayer?: 'convolution' | 'transposed' | undefined;
}

export interface DcganDiscriminatorOptions extends DiscriminatorOptions {
  /** Scales the channels of every layer: those of the first convolution, which double with each halving. 64 by default. */
  readonly width?: number | undefined;
  /**
   * What follows every convolution but the first; `none` by default. The paper has `batch`, with which D is not a function of one
   * sample any more, as gradient penalties need it. See {@link Normalization}.
   */
  readonly normalization?: Normalization | undefined;
  /**
   * What it says of an image: one `logit` (the default), `two-class` for the two-class softmax loss, or an `energy`, the
   * reconstruction error of an autoencoder whose decoder mirrors the convolutions.
   */
  readonly verdict?: Verdict | undefined;
  /** Only with `energy`: units of the code between encoder and decoder; `width` by default. */
  readonly codeSize?: number | undefined;
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
 * @throws GanKitError `invalid-shape` for images that cannot be halved (height and width must be even and at least 8),
 *   `invalid-argument` for an unknown or missing option, `unknown-name` for a word that none of the options knows.
 */
export function dcganGenerator(options: DcganGeneratorOptions): Generator & Disposable {
  checkOptions('dcganGenerator', options, {
    ...generatorNames,
    latentSize: 'optional',
    latentDistribution: 'optional',
    width: 'optional',
    normalization: 'optional',
    imageLayer: 'optional',
  });
  const { random, latentSize = 100, latentDistribution, width = 64 } = options;
  const { normalization = 'batch', imageLayer = 'convolution' } = options;
  checkInteger('latentSize', latentSize);
  checkInteger('width', width);
  checkChoice('image layer', imageLayer, ['convolution', 'transposed']);
  const imageShape = imageShapeOf('A DCGAN', 'outputShape', options.outputShape);
  const doublings = someHalvings('A DCGAN', imageShape);
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
  const model = tf.sequential({ layers, name: 'dcgan-generator' });
  const generator = generatorFromLayers(model, { latentDistribution });
  initialize(generator.variables, dcganInitialization, random.fork(model.name));
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
 * @throws GanKitError as {@link dcganGenerator}, and `incompatible` for a `codeSize` without an energy and for a `normalization` where
 *   there is one convolution.
 */
export function dcganDiscriminator(options: DcganDiscriminatorOptions): Discriminator & Disposable {
  checkOptions('dcganDiscriminator', options, {
    ...discriminatorNames,
    width: 'optional',
    normalization: 'optional',
    verdict: 'optional',
    codeSize: 'optional',
  });
  const { random, width = 64, normalization = 'none', verdict = 'logit', codeSize = width } = options;
  checkInteger('width', width);
  checkInteger('codeSize', codeSize);
  checkChoice('verdict', verdict, verdicts);
  if (verdict !== 'energy') checkMeaningless(options, ['codeSize'], `a discriminator with the verdict '${verdict}'`);
  const imageShape = imageShapeOf('A DCGAN', 'inputShape', options.inputShape);
  const count = someHalvings('A DCGAN', imageShape);
  if (count === 1 && normalization !== 'none') {
    const where = `the one convolution of a DCGAN discriminator of images of ${formatShape(imageShape)}`;
    checkMeaningless(options, ['normalization'], where);
  }
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
        ...(index === 0 && { inputShape: [...imageShape] }),
      }),
      ...normalizedActivation(follows, { leakyRelu: leakySlope }, `down-${index}-relu`),
    );
  }
  layers.push(tf.layers.flatten({ name: 'flat' }));
  if (verdict === 'energy') layers.push(...decoder(imageShape, width, codeSize, count));
  else {
    layers.push(tf.layers.dense({ units: verdictUnits(verdict), kernelInitializer: 'zeros', name: 'logits' }));
  }
  const model = tf.sequential({ layers, name: 'dcgan-discriminator' });
  const features = Array.from({ length: count }, (_, index) => (index < count - 1 ? `down-${index}-relu` : 'flat'));
  const discriminator =
    verdict === 'energy'
      ? autoencodingDiscriminator(model, { features: ['code'] })
      : discriminatorFromLayers(model, { features, verdict });
  initialize(discriminator.variables, dcganInitialization, random.fork(model.name));
  return discriminator;
}
