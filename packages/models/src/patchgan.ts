// The discriminator of pix2pix (Isola, Zhu, Zhou and Efros 2017): a verdict on every patch of an image.
import {
  checkBatch,
  checkChoice,
  checkInteger,
  checkOptions,
  type Discriminator,
  type DiscriminatorOutput,
  type ForwardOptions,
  formatShape,
  GanKitError,
  tidyOutput,
  type Verdict,
} from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { verdicts } from './choices.ts';
import { conditionImages } from './condition-images.ts';
import { discriminatorFromLayers } from './discriminator-from-layers.ts';
import { dcganInitialization, initialize } from './initialization.ts';
import { type Normalization, normalizedActivation } from './normalization.ts';
import { type DiscriminatorOptions, discriminatorNames } from './player-options.ts';
import { applyLayers } from './residual-block.ts';
import { imageShapeOf } from './sample-shape.ts';
import { withChanges } from './with-changes.ts';

/** How many convolutions of stride 2 each receptive field takes; 1 is the PixelGAN, of 1x1 convolutions. */
const stridedLayers = { 1: 0, 16: 1, 34: 2, 70: 3, 142: 4, 286: 5 } as const;

/** Images may have any size that leaves at least one patch. */
export interface PatchDiscriminatorOptions extends DiscriminatorOptions {
  /** Side of the patch that each logit sees, in pixels; 70 by default. */
  readonly receptiveField?: keyof typeof stridedLayers | undefined;
  /**
   * Channels of the image in `condition.images` that is judged together with the sample, of the same height and width; 0 by default:
   * unconditional. The same word as in `unetGenerator`.
   */
  readonly conditionChannels?: number | undefined;
  /** Scales the channels of every layer: those of the first convolution, which double up to 8 times. 64 by default. */
  readonly width?: number | undefined;
  /** What follows every convolution but the first and the last; `batch` by default. Use `none` or `instance` with gradient penalties. */
  readonly normalization?: Normalization | undefined;
  /** One `logit` for each patch, the default and all that there is; so that a loss can hand on what it needs. */
  readonly verdict?: Verdict | undefined;
}

const leakySlope = 0.2;
const largestFactor = 8;

/** Side of the map of logits. */
function patches(side: number, strided: number): number {
  if (strided === 0) return side;
  let size = side;
  for (let index = 0; index < strided; index++) size = Math.floor((size - 2) / 2) + 1;
  return size - 2;
}

/**
 * The PatchGAN discriminator: 4x4 convolutions, padded by 1, of stride 2 and then twice of stride 1, with leaky ReLU (slope 0.2). Logits
 * are a map [batch, height, width, 1]: 30x30 for 256x256 and a receptive field of 70, with 2,768,705 parameters when image and
 * condition have 3 channels each. Features: every activation, and last the mean of the last one over positions, [batch, channels].
 * Weights start from N(0, 0.02), scales from N(1, 0.02).
 * @throws GanKitError `invalid-shape` for images that are too small, `invalid-argument` for an unknown or missing option, `incompatible`
 *   for another verdict; when used, `incompatible` without the condition it was made for.
 */
export function patchDiscriminator(options: PatchDiscriminatorOptions): Discriminator & Disposable {
  checkOptions('patchDiscriminator', options, {
    ...discriminatorNames,
    receptiveField: 'optional',
    conditionChannels: 'optional',
    width: 'optional',
    normalization: 'optional',
    verdict: 'optional',
  });
  const { random, receptiveField = 70, conditionChannels = 0, width = 64 } = options;
  const { normalization = 'batch', verdict = 'logit' } = options;
  checkInteger('width', width);
  checkInteger('conditionChannels', conditionChannels, 0);
  checkChoice('verdict', verdict, verdicts);
  if (verdict !== 'logit') {
    throw new GanKitError(
      'incompatible',
      `A PatchGAN gives a logit for each patch and no verdict '${verdict}'; choose another loss or another discriminator.`,
      { value: verdict },
    );
  }
  const imageShape = imageShapeOf('A PatchGAN', 'inputShape', options.inputShape);
  const strided = stridedLayers[receptiveField];
  if (strided === undefined) {
    throw new GanKitError(
      'invalid-argument',
      `receptiveField must be one of ${Object.keys(stridedLayers).join(', ')}, not ${receptiveField}.`,
      { value: receptiveField },
    );
  }
  const [height, imageWidth, channels] = imageShape;
  if (Math.min(patches(height, strided), patches(imageWidth, strided)) < 1) {
    throw new GanKitError(
      'invalid-shape',
      `A PatchGAN with a receptive field of ${receptiveField} has no patch in images of ${formatShape(imageShape)}; choose a smaller one.`,
      { value: imageShape },
    );
  }
  const kernelSize = strided === 0 ? 1 : 4;
  const conv = (name: string, filters: number, strides: number, useBias: boolean) => [
    ...(strided === 0 ? [] : [tf.layers.zeroPadding2d({ padding: 1, name: `${name}-pad` })]),
    tf.layers.conv2d({ filters, kernelSize, strides, useBias, kernelInitializer: 'zeros', name }),
  ];
  const input = tf.input({ shape: [height, imageWidth, channels + conditionChannels], name: 'samples' });
  let x = input;
  // The PixelGAN has two hidden layers; the others have one of stride 1 after those of stride 2.
  const hidden = Math.max(2, strided + 1);
  for (let index = 0; index < hidden; index++) {
    const follows = index > 0 ? normalization : 'none';
    x = applyLayers(
      x,
      ...conv(
        `conv-${index}`,
        width * Math.min(largestFactor, 2 ** index),
        index < strided ? 2 : 1,
        follows === 'none',
      ),
      ...normalizedActivation(follows, { leakyRelu: leakySlope }, `conv-${index}-relu`),
    );
  }
  const model = tf.model({
    inputs: input,
    outputs: applyLayers(x, ...conv('logits', 1, 1, true)),
    name: 'patch-discriminator',
  });
  const features = Array.from({ length: hidden }, (_, index) => `conv-${index}-relu`);
  const needs = conditionChannels === 0 ? [] : (['images'] as const);
  const inner = discriminatorFromLayers(model, { features, needs });
  initialize(inner.variables, dcganInitialization, random.fork(model.name));
  const conditionShape = [height, imageWidth, conditionChannels];
  return withChanges(inner, {
    inputShape: imageShape,
    discriminate(samples: tf.Tensor, forward: ForwardOptions): DiscriminatorOutput {
      checkBatch(`The input of ${inner.name}`, samples, imageShape);
      return tidyOutput(() => {
        const told =
          conditionChannels === 0
            ? []
            : [conditionImages(inner.name, forward.condition, conditionShape, samples.shape[0]!)];
        const joined = told.length === 0 ? samples : tf.concat([...told, samples as tf.Tensor4D], 3);
        const { logits, features: maps = [] } = inner.discriminate(joined, forward);
        return { logits, features: [...maps, tf.mean(maps.at(-1)!, [1, 2])] };
      });
    },
  });
}
