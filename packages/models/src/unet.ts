// The generator of pix2pix (Isola 2017), after the U-Net of Ronneberger 2015: from an image to an image.
import {
  checkBatch,
  checkInteger,
  checkNumber,
  checkOptions,
  type ForwardOptions,
  formatShape,
  GanKitError,
  type Generator,
} from '@gankit/core';
import { seededDropout } from '@gankit/engine/layers';
import * as tf from '@tensorflow/tfjs';
import { callOptions } from './call-options.ts';
import { conditionImages } from './condition-images.ts';
import { dcganInitialization, initialize } from './initialization.ts';
import { layersNetwork } from './layers-network.ts';
import { type Normalization, normalizedActivation } from './normalization.ts';
import { type GeneratorOptions, generatorNames } from './player-options.ts';
import { applyLayers } from './residual-block.ts';
import { halved, halvingsUpTo, imageShapeOf } from './sample-shape.ts';
import { withChanges } from './with-changes.ts';

export interface UnetGeneratorOptions extends GeneratorOptions {
  /**
   * Channels of the images in `condition.images` that it turns into others; those of `outputShape` by default. It is not a shape,
   * because their height and width are those of `outputShape`, and not `inputShape`, which everywhere else is what a discriminator
   * judges: the image is something that the generator is told, under the same word as in `patchDiscriminator`, which is told the same.
   */
  readonly conditionChannels?: number | undefined;
  /**
   * Length of a noise vector that is spread over the innermost map; 0 by default, as in the paper, whose only noise is dropout. The
   * generator then declares a latent of length 1 and does not read it.
   */
  readonly latentSize?: number | undefined;
  /** Scales the channels of every layer: those of the first convolution, which double up to 8 times. 64 by default. */
  readonly width?: number | undefined;
  /** How often height and width are halved, at least twice; by default as often as both are even, at most 8 times. */
  readonly depth?: number | undefined;
  /** Share of activations that the three innermost layers of the decoder drop in training; 0.5 by default. In evaluation there is none. */
  readonly dropout?: number | undefined;
  /** What follows the inner convolutions; `batch` by default. */
  readonly normalization?: Normalization | undefined;
}

const kernelSize = 4;
const leakySlope = 0.2;
const largestFactor = 8;
const largestDepth = 8;
const layersWithDropout = 3;

/** With one halving there is nothing that could skip the innermost map. */
const smallestDepth = 2;

/**
 * The U-Net generator: `generate(latent, { condition: { images } })` turns an image into another. 4x4 convolutions of stride 2 down and
 * transposed ones up, each of the latter fed with the activation of the same size on the way down; tanh at the end. 256x256x3 has
 * 54,413,955 parameters. Weights start from N(0, 0.02), scales from N(1, 0.02). Where the masks of dropout stand is state that a
 * checkpoint holds.
 * @throws GanKitError `invalid-shape` for images that cannot be halved `depth` times, at least twice, `invalid-argument` for an unknown
 *   or missing option; when used, `incompatible` without `condition.images`.
 */
export function unetGenerator(options: UnetGeneratorOptions): Generator & Disposable {
  checkOptions('unetGenerator', options, {
    ...generatorNames,
    conditionChannels: 'optional',
    latentSize: 'optional',
    width: 'optional',
    depth: 'optional',
    dropout: 'optional',
    normalization: 'optional',
  });
  const name = 'unet-generator';
  const { latentSize = 0, width = 64, dropout = 0.5, normalization = 'batch' } = options;
  const random = options.random.fork(name);
  const imageShape = imageShapeOf('A U-Net', 'outputShape', options.outputShape);
  const [height, imageWidth, channels] = imageShape;
  const { conditionChannels = channels, depth = halvingsUpTo(largestDepth, imageShape) } = options;
  checkInteger('latentSize', latentSize, 0);
  checkInteger('width', width);
  checkInteger('conditionChannels', conditionChannels);
  checkNumber('dropout', dropout, 0, 1);
  if (options.depth === undefined && depth < smallestDepth) {
    throw new GanKitError(
      'invalid-shape',
      `A U-Net needs images [height, width, channels] whose sides ${2 ** smallestDepth} divides, not ${formatShape(imageShape)}; pad or crop them.`,
      { value: imageShape },
    );
  }
  checkInteger('depth', depth, smallestDepth);
  const innermost = halved('A U-Net', imageShape, depth);
  const useBias = normalization === 'none';
  const shared = { kernelSize, strides: 2, padding: 'same', kernelInitializer: 'zeros' } as const;
  const filtersAt = (level: number) => width * Math.min(largestFactor, 2 ** level);
  const images = tf.input({ shape: [height, imageWidth, conditionChannels], name: 'images' });
  const encoded: tf.SymbolicTensor[] = [];
  for (let level = 0; level < depth; level++) {
    const follows = level > 0 && level < depth - 1 ? normalization : 'none';
    const activation = tf.layers.leakyReLU({ alpha: leakySlope, name: `down-${level}-relu` });
    const conv = tf.layers.conv2d({ ...shared, filters: filtersAt(level), useBias, name: `down-${level}` });
    const normalized = normalizedActivation(follows, 'linear', `down-${level}-normalization`);
    encoded.push(applyLayers(encoded.at(-1) ?? images, ...(level > 0 ? [activation] : []), conv, ...normalized));
  }
  const latent = tf.input({ shape: [Math.max(1, latentSize)], name: 'latent' });
  let x = encoded.at(-1)!;
  if (latentSize > 0) {
    const spread = applyLayers(
      latent,
      tf.layers.reshape({ targetShape: [1, 1, latentSize], name: 'latent-pixel' }),
      tf.layers.upSampling2d({ size: [...innermost], name: 'latent-map' }),
    );
    x = tf.layers.concatenate({ name: 'with-latent' }).apply([x, spread]) as tf.SymbolicTensor;
  }
  for (let level = depth - 1; level > 0; level--) {
    const seed = random.fork(`dropout-${level}`).uint32();
    const drops = dropout > 0 && level >= depth - layersWithDropout;
    x = applyLayers(
      x,
      tf.layers.reLU({ name: `up-${level}-relu` }),
      tf.layers.conv2dTranspose({ ...shared, filters: filtersAt(level - 1), useBias, name: `up-${level}` }),
      ...normalizedActivation(normalization, 'linear', `up-${level}-normalization`),
      ...(drops ? [seededDropout({ rate: dropout, seed, name: `up-${level}-dropout` })] : []),
    );
    x = tf.layers.concatenate({ name: `skip-${level - 1}` }).apply([encoded[level - 1]!, x]) as tf.SymbolicTensor;
  }
  const outputs = applyLayers(
    x,
    tf.layers.reLU({ name: 'up-0-relu' }),
    tf.layers.conv2dTranspose({ ...shared, filters: channels, name: 'image' }),
    tf.layers.activation({ activation: 'tanh', name: 'range' }),
  );
  const model = tf.model({ inputs: latentSize > 0 ? [images, latent] : images, outputs, name });
  const { network, checkAlive } = layersNetwork('generator', model, { name, needs: ['images'] });
  initialize(network.variables, dcganInitialization, random);
  const latentShape = [Math.max(1, latentSize)];
  const conditionShape = [height, imageWidth, conditionChannels];
  return withChanges(network, {
    latentShape,
    latentDistribution: 'normal' as const,
    outputShape: imageShape,
    generate(noise: tf.Tensor, forward: ForwardOptions) {
      checkAlive();
      checkBatch(`The latent of ${name}`, noise, latentShape);
      const given = conditionImages(name, forward.condition, conditionShape, noise.shape[0]!);
      return model.apply(latentSize > 0 ? [given, noise] : given, callOptions(forward)) as tf.Tensor;
    },
  });
}
