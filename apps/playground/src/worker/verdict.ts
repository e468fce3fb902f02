// A discriminator's outputs as one scale for every loss: 1 is real, -1 generated, 0 undecided.
import type { AdversarialLoss, DiscriminatorOutput } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';

/** One number for each sample, more of it for real: patches are averaged, two units count by their difference. */
export function realness(
  { logits }: DiscriminatorOutput,
  { verdict = 'logit', decision = 'none' }: AdversarialLoss,
): tf.Tensor1D {
  return tf.tidy(() => {
    const rows = tf.reshape(logits, [logits.shape[0]!, -1]) as tf.Tensor2D;
    if (verdict === 'two-class') {
      const [real, fake] = tf.split(rows, 2, 1) as [tf.Tensor2D, tf.Tensor2D];
      return tf.reshape(tf.sub(real, fake), [-1]) as tf.Tensor1D;
    }
    const mean = tf.mean(rows, 1) as tf.Tensor1D;
    const below = verdict === 'energy' || (typeof decision === 'object' && decision.real === 'below');
    return below ? (tf.neg(mean) as tf.Tensor1D) : mean;
  });
}

/** Where a loss draws no line of its own, what lies in the middle of real and generated samples is undecided. */
export interface Line {
  readonly middle: number;
  /** The distance from it that counts as sure. */
  readonly reach: number;
}

const meanOf = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The line between real and generated, from the realness of samples of both. */
export function lineOf({ decision = 'none' }: AdversarialLoss, real: Float32Array, fake: Float32Array): Line {
  const fixed = typeof decision === 'object' ? (decision.real === 'below' ? -1 : 1) * decision.threshold : undefined;
  const middle = fixed ?? (meanOf(real) + meanOf(fake)) / 2;
  const distances = [...real, ...fake].map((value) => Math.abs(value - middle)).sort((a, b) => a - b);
  // Nine in ten samples lie within the scale, so that a single one does not bleach the picture.
  const reach = distances[Math.floor(0.9 * distances.length)] ?? 1;
  return { middle, reach: Math.max(reach, 1e-6) };
}

/** Realness on the scale from -1 to 1: by probability where the loss has one, else by the line. */
export function verdicts(
  { probabilities = false }: AdversarialLoss,
  values: Float32Array,
  { middle, reach }: Line,
): Float32Array<ArrayBuffer> {
  return Float32Array.from(values, (value) =>
    // 2 sigmoid(x) - 1 is tanh(x / 2).
    probabilities ? Math.tanh(value / 2) : Math.max(-1, Math.min(1, (value - middle) / reach)),
  );
}
