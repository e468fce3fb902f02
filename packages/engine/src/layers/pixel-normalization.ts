// Pixelwise feature vector normalisation (Karras 2018, section 4.2).
import { checkNumber, checkOptions } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { type LayerArgs, layerOptionNames, singleTensor, smallestEpsilon } from './layer-call.ts';

export interface PixelNormalizationArgs extends LayerArgs {
  /** Added to the mean square, at least 1e-12; 1e-8 when absent. */
  readonly epsilon?: number | undefined;
}

/** Scales the channels of each position to a mean square of 1: `x / sqrt(mean(x^2 over channels) + epsilon)`. No weights. */
export class PixelNormalization extends tf.layers.Layer {
  static className = 'PixelNormalization';
  readonly #epsilon: number;

  constructor(args: PixelNormalizationArgs = {}) {
    super(args);
    this.#epsilon = args.epsilon ?? 1e-8;
    checkNumber('epsilon', this.#epsilon, smallestEpsilon);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = singleTensor(inputs, this);
      return tf.mul(x, tf.rsqrt(tf.add(tf.mean(tf.square(x), -1, true), this.#epsilon)));
    });
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape | tf.Shape[] {
    return inputShape;
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), epsilon: this.#epsilon };
  }
}

tf.serialization.registerClass(PixelNormalization);

/** See {@link PixelNormalization}. */
export function pixelNormalization(args: PixelNormalizationArgs = {}): PixelNormalization {
  checkOptions('pixelNormalization', args, { ...layerOptionNames, epsilon: 'optional' });
  return new PixelNormalization(args);
}
