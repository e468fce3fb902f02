// A fixed binomial low-pass filter, against checkerboards after upsampling and aliasing before downsampling (Zhang 2019, StyleGAN).
import { checkOptions } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { type LayerArgs, layerOptionNames, singleTensor } from './layer-call.ts';

/** `(x[i - 1] + 2 x[i] + x[i + 1]) / 4` along one axis of [batch, height, width, channels], with zeros beyond the border. */
function blurAxis(x: tf.Tensor4D, axis: 1 | 2): tf.Tensor4D {
  const size = x.shape[axis];
  const padding: [number, number][] = x.shape.map((_, index) => (index === axis ? [1, 1] : [0, 0]));
  const padded = tf.pad(x, padding);
  const shifted = (offset: number): tf.Tensor4D => {
    const begin = [0, 0, 0, 0];
    begin[axis] = offset;
    const extent = x.shape.slice();
    extent[axis] = size;
    return tf.slice(padded, begin, extent) as tf.Tensor4D;
  };
  // Slices and sums instead of a depthwise convolution: every backend has them, fast, with derivatives of any order.
  return tf.mul(tf.add(tf.add(shifted(0), shifted(2)), tf.mul(x, 2)), 0.25);
}

/**
 * Convolves every channel with the outer product of [1, 2, 1] / 4, with zeros beyond the border. Input and output
 * [batch, height, width, channels]. No weights.
 */
export class Blur extends tf.layers.Layer {
  static className = 'Blur';

  constructor(args: LayerArgs = {}) {
    super(args);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => blurAxis(blurAxis(singleTensor(inputs, this) as tf.Tensor4D, 1), 2));
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape | tf.Shape[] {
    return inputShape;
  }
}

tf.serialization.registerClass(Blur);

/** See {@link Blur}. */
export function blur(args: LayerArgs = {}): Blur {
  checkOptions('blur', args, layerOptionNames);
  return new Blur(args);
}
