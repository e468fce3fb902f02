// Small changes under which a discriminator's verdict should stay the same.
import { checkInteger, checkNumber, type RandomStream } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';

/** A random change of each sample that keeps its meaning and its shape. The caller owns the result. */
export type Augmentation = (samples: tf.Tensor, random: RandomStream) => tf.Tensor;

/**
 * Adds normal noise to every number: for points and other data that is not an image.
 * @param standardDeviation In the data's units ([-1, 1]); at least 0.
 */
export function gaussianNoise(standardDeviation = 0.05): Augmentation {
  checkNumber('standardDeviation', standardDeviation, 0);
  return (samples, random) => tf.tidy(() => tf.add(samples, random.normalTensor(samples.shape, 0, standardDeviation)));
}

/**
 * Mirrors each image left to right with probability 1/2 and shifts the batch by up to `maximumShift` pixels in both
 * directions, edges repeated as mirror images: the augmentation of CR-GAN. For images [batch, height, width, channels].
 *
 * @param maximumShift Pixels, at least 0; never more than the image's side less one.
 * @param mirror Whether to mirror; say `false` for text and digits.
 */
export function flipAndShift(maximumShift = 4, mirror = true): Augmentation {
  checkInteger('maximumShift', maximumShift, 0);
  return (samples, random) =>
    tf.tidy(() => {
      const [batch = 1, height = 1, width = 1] = samples.shape;
      const images = samples as tf.Tensor4D;
      const flips = Float32Array.from({ length: batch }, () => (mirror && random.uniform() < 0.5 ? 1 : 0));
      const flipped = tf.tensor(flips, [batch, 1, 1, 1]);
      const mirrored = tf.add(tf.mul(tf.reverse(images, 2), flipped), tf.mul(images, tf.sub(1, flipped)));
      const down = Math.min(maximumShift, height - 1);
      const across = Math.min(maximumShift, width - 1);
      const begin: [number, number, number, number] = [
        0,
        random.integer(2 * down + 1),
        random.integer(2 * across + 1),
        0,
      ];
      const pads: [number, number][] = [
        [0, 0],
        [down, down],
        [across, across],
        [0, 0],
      ];
      const padded = tf.mirrorPad(mirrored, pads, 'reflect');
      return tf.slice(padded as tf.Tensor4D, begin, [batch, height, width, -1]);
    });
}
