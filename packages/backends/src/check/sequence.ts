// The numbers that every check starts from: a sine sequence, so that any language can make the same ones without a generator.
import * as tf from '@tensorflow/tfjs';

/** `count` values `scale * sin(phase + 1.3 i)`, computed in float64. */
export function sequence(count: number, phase: number, scale = 1): number[] {
  return Array.from({ length: count }, (_, index) => scale * Math.sin(phase + 1.3 * index));
}

/** A tensor of {@link sequence}; the caller owns it. */
export function sequenceTensor(shape: readonly number[], phase: number, scale = 1): tf.Tensor {
  return tf.tensor(sequence(tf.util.sizeFromShape([...shape]), phase, scale), [...shape], 'float32');
}

/**
 * The greatest deviation of `values` from `reference`, in units of the reference's greatest magnitude; Infinity when a value is not
 * finite or the counts differ.
 */
export function relativeError(values: ArrayLike<number>, reference: readonly number[]): number {
  if (values.length !== reference.length) return Number.POSITIVE_INFINITY;
  let deviation = 0;
  let magnitude = 0;
  for (let index = 0; index < reference.length; index++) {
    const difference = Math.abs(values[index]! - reference[index]!);
    if (!Number.isFinite(difference)) return Number.POSITIVE_INFINITY;
    deviation = Math.max(deviation, difference);
    magnitude = Math.max(magnitude, Math.abs(reference[index]!));
  }
  return magnitude === 0 ? deviation : deviation / magnitude;
}
