// Brings images to the shape and range that an extractor was made for.
import { checkInteger, checkOptions, formatShape, GanKitError } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { resizeImages } from './resize-images.ts';

/** The images that an extractor was made for. */
export interface ImageInput {
  readonly height: number;
  readonly width: number;
  /** 1 for gray, 3 for RGB. */
  readonly channels: 1 | 3;
  /** What black and white are; [-1, 1] when absent. */
  readonly range?: readonly [number, number] | undefined;
}

/** Shares of red, green and blue in gray (ITU-R BT.601). */
const luma = [0.299, 0.587, 0.114];

/** @throws GanKitError `invalid-argument` for an input that makes no sense. */
export function checkImageInput(input: ImageInput): void {
  checkOptions('the input of an extractor', input, {
    height: 'required',
    width: 'required',
    channels: 'required',
    range: 'optional',
  });
  checkInteger('height', input.height);
  checkInteger('width', input.width);
  const { channels, range = [-1, 1] } = input;
  if (![1, 3].includes(channels)) {
    throw new GanKitError('invalid-argument', `channels must be 1 or 3, not ${channels}.`, { value: channels });
  }
  if (range.length === 2 && range.every(Number.isFinite) && range[0] < range[1]) return;
  throw new GanKitError('invalid-argument', `range must be two rising numbers, not ${formatShape(range)}.`, {
    value: range,
  });
}

/** The preprocessing in words, for the identity of an extractor. */
export function preprocessingText({ height, width, channels, range = [-1, 1] }: ImageInput): string {
  return `${height}x${width}x${channels} in ${formatShape(range)}, cubic with antialiasing`;
}

/** Gray from colours, colours from gray; transparency is left out. */
function withChannels(images: tf.Tensor4D, channels: 1 | 3): tf.Tensor4D {
  const given = images.shape[3];
  if (given === channels) return images;
  if (channels === 3 && given === 1) return tf.tile(images, [1, 1, 1, 3]);
  const colours = given === 4 ? images.slice([0, 0, 0, 0], [-1, -1, -1, 3]) : images;
  if (channels === 3) return colours;
  const [batch, height, width] = colours.shape;
  return tf
    .matMul(colours.reshape([batch * height * width, 3]), tf.tensor2d(luma, [3, 1]))
    .reshape([batch, height, width, 1]);
}

/**
 * Images as an extractor wants them.
 * @param images float32 [batch, height, width, 1, 3 or 4 channels] in [-1, 1].
 * @returns float32 [batch, ...input], which the caller owns.
 * @throws GanKitError `invalid-shape` for anything that is not such images.
 */
export function prepareImages(images: tf.Tensor, input: ImageInput): tf.Tensor4D {
  if (images.rank !== 4 || ![1, 3, 4].includes(images.shape[3]!)) {
    throw new GanKitError(
      'invalid-shape',
      `The extractor looks at images [batch, height, width, 1, 3 or 4 channels], not at ${formatShape(images.shape)}.`,
      { value: images.shape },
    );
  }
  return tf.tidy(() => {
    const coloured = withChannels(images as tf.Tensor4D, input.channels);
    const resized = resizeImages(coloured, input.height, input.width);
    const [low, high] = input.range ?? [-1, 1];
    return low === -1 && high === 1 ? resized : tf.add(tf.mul(resized, (high - low) / 2), (high + low) / 2);
  });
}
