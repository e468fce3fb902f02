// Noise from a seeded stream that is added to what passes: on a discriminator's input, instance noise (Arjovsky and Bottou 2017).
import { checkNumber, checkOptions } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { type CallOptions, layerOptionNames, singleTensor } from './layer-call.ts';
import { SeededLayer, type SeededLayerArgs } from './seeded-layer.ts';

export interface SeededGaussianNoiseArgs extends SeededLayerArgs {
  /** Standard deviation of the noise, at least 0. */
  readonly stddev: number;
}

/**
 * In training, adds N(0, stddev^2) to each element, new noise in every call and the same in every run; otherwise nothing. The position in
 * the stream is state that a checkpoint must hold: `saveState` and `loadState`. (That of tf.layers cannot be repeated.)
 */
export class SeededGaussianNoise extends SeededLayer {
  static className = 'SeededGaussianNoise';
  readonly stddev: number;

  constructor(args: SeededGaussianNoiseArgs) {
    super(args);
    this.stddev = args.stddev;
    checkNumber('stddev', this.stddev, 0);
  }

  override call(inputs: tf.Tensor | tf.Tensor[], options: CallOptions = {}): tf.Tensor {
    return tf.tidy(() => {
      const x = singleTensor(inputs, this);
      if (options.training !== true || this.stddev === 0) return tf.clone(x);
      const random = this.random.sharedOver(options.communicator);
      return tf.add(x, random.normalTensor(x.shape, 0, this.stddev));
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), stddev: this.stddev };
  }
}

tf.serialization.registerClass(SeededGaussianNoise);

/** See {@link SeededGaussianNoise}. */
export function seededGaussianNoise(args: SeededGaussianNoiseArgs): SeededGaussianNoise {
  checkOptions('seededGaussianNoise', args, { ...layerOptionNames, stddev: 'required', seed: 'optional' });
  return new SeededGaussianNoise(args);
}
