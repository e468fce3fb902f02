// The smallest discriminator of images: D(x) = w times the sum of the pixels, and it keeps what it was shown.
import type { Discriminator } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';

export interface ImageJudge extends Discriminator {
  /** The images of the last call: [batch][height][width][channels]. */
  readonly seen: number[][][][];
}

export function imageJudge(height: number, width: number, channels: number): ImageJudge {
  const weight = tf.tidy(() => tf.variable(tf.scalar(2)));
  let seen: number[][][][] = [];
  return {
    name: 'image-judge',
    inputShape: [height, width, channels],
    heads: [],
    variables: [{ name: 'w', variable: weight, trainable: true }],
    discriminate(samples) {
      seen = samples.arraySync() as number[][][][];
      return { logits: tf.tidy(() => samples.sum([1, 2, 3]).mul(weight)) };
    },
    get seen() {
      return seen;
    },
    dispose: () => weight.dispose(),
  };
}

/** Shows images to a discriminator and frees what it answers. */
export function show(discriminator: Discriminator, images: tf.Tensor, training = true): void {
  discriminator.discriminate(images, { training }).logits.dispose();
}
