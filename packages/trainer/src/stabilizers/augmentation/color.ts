// Changes of colour as one affine map of each image's colours.
import { formatShape, GanKitError } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';

/** A change of colour, in the order in which it is made. Colours lie in [-1, 1] with grey at 0. */
export interface ColorChange {
  /** Added to every channel; 0 changes nothing. */
  readonly brightness?: number | undefined;
  /** Multiplies every channel; 1 changes nothing. */
  readonly contrast?: number | undefined;
  /** Light becomes dark and the colour itself stays: a reflection along the grey axis. */
  readonly lumaFlipped?: boolean | undefined;
  /** Multiplies the distance from the grey axis; 1 changes nothing, 0 leaves grey. No effect on grey images. */
  readonly saturation?: number | undefined;
}

/**
 * Changes the colours of each image [batch, height, width, 1 or 3]. The caller owns the result.
 *
 * Colour c becomes saturation (l - m) +- m with l = contrast (c + brightness) and m the mean of l over the channels; minus when the
 * luma is flipped. On one channel this is +-contrast (c + brightness).
 * Source: Karras et al. 2020 (ADA), appendix B.
 *
 * @throws GanKitError `invalid-shape` for another number of channels.
 */
export function changeColors(images: tf.Tensor4D, changes: readonly ColorChange[]): tf.Tensor4D {
  const [batch, height, width, channels] = images.shape;
  if (channels !== 1 && channels !== 3) {
    throw new GanKitError(
      'invalid-shape',
      `Colours can be changed of images with 1 or 3 channels, not of ${formatShape(images.shape)}; leave the colour transforms out.`,
      { value: channels },
    );
  }
  const matrices = new Float32Array(batch * channels * channels);
  const offsets = new Float32Array(batch * channels);
  changes.forEach(({ brightness = 0, contrast = 1, lumaFlipped = false, saturation = 1 }, image) => {
    // Every map here is `along` the grey axis (the mean of the channels) and `across` it: across (c - mean c) + along mean c.
    const along = (lumaFlipped ? -1 : 1) * contrast;
    const across = contrast * saturation;
    for (let to = 0; to < channels; to++) {
      for (let from = 0; from < channels; from++) {
        const at = (image * channels + from) * channels + to;
        matrices[at] = (from === to ? across : 0) + (along - across) / channels;
      }
      offsets[image * channels + to] = along * brightness;
    }
  });
  return tf.tidy(() => {
    const pixels = tf.reshape(images, [batch, height * width, channels]);
    const turned = tf.matMul(pixels, tf.tensor3d(matrices, [batch, channels, channels]));
    const changed = tf.add(turned, tf.tensor3d(offsets, [batch, 1, channels]));
    return tf.reshape(changed, [batch, height, width, channels]);
  });
}
