// The generator of pix2pix (Isola 2017), after the U-Net of Ronneberger 2015: from an image to an image.
import {
  checkBatch,
  checkInteger,
  checkNumber,
  formatShape,
  GanKitError,
  type Generator,
  type RandomStream,
} from '@gankit/core';
import { seededDropout } from '@gankit/engine/layers';
import * as tf from '@tensorflow/tfjs';
import { conditionImages } from './condition-images.ts';
import { callOptions } from './generator-from-layers.ts';
import { halved, type ImageShape } from './image-shape.ts';
import { dcganInitialization, initialize } from './initialization.ts';
import { layersState } from './layers-state.ts';
import { layersVariables } from './layers-variables.ts';
import { type Normalization, normalizedActivation } from './normalization.ts';
import { applyLayers } from './residual-block.ts';

export interface UnetGeneratorOptions {
  /** Shape of the images it makes. */
  readonly imageShape: ImageShape;
  /** Channels of the images in `condition.images`, which have the same height and width; those of `imageShape` by default. */
  readonly conditionChannels?: number;
  /** Where weights and dropout masks come from. */
  readonly random: RandomStream;
  /**
   * Length of a noise vector that is spread over the innermost map; 0 by default, as in the paper, whose only noise is dropout. The
   * generator then declares a latent of length 1 and does not read it.
   */
  readonly latentSize?: number;
  /** Channels of the first convolution, which double up to 8 times; 64 by default. */
  readonly width?: number;
  /** How often height and width are halved; by default as often as both are even, at most 8 times. */
  readonly depth?: number;
  /** Share of activations that the three innermost layers of the decoder drop in training; 0.5 by default. In evaluation there is none. */
  readonly dropout?: number;
  /** What follows the inner convolutions; `batch` by default. */
  readonly normalization?: Normalization;
}

const kernelSize = 4;
const leakySlope = 0.2;
const largestFactor = 8;
const largestDepth = 8;
const layersWithDropout = 3;

function possibleDepth([height, width]: ImageShape): number {
  let depth = 0;
  while (depth < largestDepth && height % 2 ** (depth + 1) === 0 && width % 2 ** (depth + 1) === 0) depth++;
  return depth;
}

/**
 * The U-Net generator: `generate(latent, { condition: { images } })` turns an image into another. 4x4 convolutions of stride 2 down and
 * transposed ones up, each of the latter fed with the activation of the same size on the way down; tanh at the end. 256x256x3 has
 * 54,413,955 parameters. Weights start from N(0, 0.02), scales from N(1, 0.02). Where the masks of dropout stand is state that a
 * checkpoint holds.
 * @throws GanKitError `invalid-shape` for images that cannot be halved `depth` times, at least once; when used, `incompatible`
 * without `condition.images`.
 */
export function unetGenerator(options: UnetGeneratorOptions): Generator {
  const { imageShape, random, latentSize = 0, width = 64, dropout = 0.5, normalization = 'batch' } = options;
  const [height, imageWidth, channels] = imageShape;
  const { conditionChannels = channels, depth = possibleDepth(imageShape) } = options;
  checkInteger('latentSize', latentSize, 0);
  checkInteger('width', width);
  checkInteger('conditionChannels', conditionChannels);
  checkNumber('dropout', dropout, 0, 1);
  if (depth < 1) {
    throw new GanKitError(
      'invalid-shape',
      `A U-Net needs images [height, width, channels] whose sides are even, not ${formatShape(imageShape)}.`,
      { value: imageShape },
    );
  }
  checkInteger('depth', depth);
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
  const name = 'unet-generator';
  const model = tf.model({ inputs: latentSize > 0 ? [images, latent] : images, outputs, name });
  const variables = layersVariables(model);
  initialize(variables, dcganInitialization, random);
  const latentShape = [Math.max(1, latentSize)];
  const conditionShape = [height, imageWidth, conditionChannels];
  return {
    name,
    latentShape,
    latentDistribution: 'normal',
    outputShape: imageShape,
    variables,
    ...layersState(model),
    generate(noise, forward) {
      checkBatch(`The latent of ${name}`, noise, latentShape);
      const given = conditionImages(name, forward.condition, conditionShape, noise.shape[0]!);
      return model.apply(latentSize > 0 ? [given, noise] : given, callOptions(forward)) as tf.Tensor;
    },
    dispose() {
      model.dispose();
    },
  };
}
