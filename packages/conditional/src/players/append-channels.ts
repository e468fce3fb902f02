// Vectors appended to the channels of vectors, maps or images.
import { formatShape, GanKitError } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';

/**
 * The shape that is left when the last axis gives `width` channels to a condition.
 * @param what Whose shape it is, for the error's sentence.
 * @throws GanKitError `incompatible` when the last axis has not more than that.
 */
export function shapeWithout(what: string, shape: readonly number[], width: number): number[] {
  const channels = shape.at(-1) ?? 0;
  if (channels > width) return [...shape.slice(0, -1), channels - width];
  throw new GanKitError(
    'incompatible',
    `${what} has shape ${formatShape(shape)}, and the last ${width} channels are for the condition; make it with ${width} channels more than it needs itself.`,
    { value: shape },
  );
}

/**
 * `x` with the vector of each sample as further channels, the same at every position.
 * @param x float32 [batch, ...positions, channels].
 * @param vectors float32 [batch, width].
 * @returns float32 [batch, ...positions, channels + width].
 */
export function appendChannels(x: tf.Tensor, vectors: tf.Tensor2D): tf.Tensor {
  const [batch, width] = vectors.shape;
  const positions = x.shape.slice(1, -1);
  const alongside = tf.reshape(vectors, [batch, ...positions.map(() => 1), width]);
  const maps = positions.length === 0 ? alongside : tf.mul(alongside, tf.ones([1, ...positions, 1]));
  return tf.concat([x, maps], -1);
}
