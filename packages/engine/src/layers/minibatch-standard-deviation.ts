// Minibatch standard deviation (Karras 2018, section 3): tells the discriminator how much samples differ from each other.
import { checkInteger, checkOptions, GanKitError, gatherRows, ownRows } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { type CallOptions, type LayerArgs, layerOptionNames, singleShape, singleTensor } from './layer-call.ts';

// Keeps the root's derivative finite where all samples of a group agree; the value of the reference implementation.
const epsilon = 1e-8;

export interface MinibatchStandardDeviationArgs extends LayerArgs {
  /** Samples that are compared with each other; a smaller batch is one group. 4 when absent. It must divide larger batches. */
  readonly groupSize?: number | undefined;
}

/**
 * Appends one channel: the standard deviation over each group of samples, averaged over positions and channels, the same number at
 * every position of the group's samples. Input [batch, ...positions, channels], output [batch, ...positions, channels + 1].
 * Sample i is grouped with i + k batch / groupSize, as in the reference implementation; in training on several processes the batch is that
 * of all of them. No weights.
 *
 * @throws GanKitError `invalid-shape` when the group size does not divide the batch.
 */
export class MinibatchStandardDeviation extends tf.layers.Layer {
  static className = 'MinibatchStandardDeviation';
  readonly groupSize: number;

  constructor(args: MinibatchStandardDeviationArgs = {}) {
    super(args);
    this.groupSize = args.groupSize ?? 4;
    checkInteger('groupSize', this.groupSize);
  }

  override call(inputs: tf.Tensor | tf.Tensor[], { communicator }: CallOptions = {}): tf.Tensor {
    return tf.tidy(() => {
      const own = singleTensor(inputs, this);
      const x = gatherRows(own, communicator);
      const batch = x.shape[0]!;
      const size = Math.min(this.groupSize, batch);
      if (batch % size !== 0) {
        throw new GanKitError(
          'invalid-shape',
          `${this.name} cannot part a batch of ${batch} into groups of ${size}; choose a batch size that ${size} divides.`,
          { value: batch },
        );
      }
      const groups = batch / size;
      const grouped = tf.reshape(x, [size, groups, -1]);
      const variance = tf.mean(tf.square(tf.sub(grouped, tf.mean(grouped, 0, true))), 0);
      const deviation = tf.mean(tf.sqrt(tf.add(variance, epsilon)), 1);
      const ones: number[] = x.shape.slice(1).map(() => 1);
      const perSample = tf.reshape(tf.tile(deviation, [size]), [batch, ...ones]);
      const channel = tf.tile(ownRows(perSample, communicator), [1, ...x.shape.slice(1, -1), 1]);
      return tf.concat([own, channel], -1);
    });
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const shape = singleShape(inputShape);
    const channels = shape.at(-1);
    return [...shape.slice(0, -1), typeof channels === 'number' ? channels + 1 : null];
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), groupSize: this.groupSize };
  }
}

tf.serialization.registerClass(MinibatchStandardDeviation);

/** See {@link MinibatchStandardDeviation}. */
export function minibatchStandardDeviation(args: MinibatchStandardDeviationArgs = {}): MinibatchStandardDeviation {
  checkOptions('minibatchStandardDeviation', args, { ...layerOptionNames, groupSize: 'optional' });
  return new MinibatchStandardDeviation(args);
}
