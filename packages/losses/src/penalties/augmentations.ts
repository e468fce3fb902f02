// Small changes under which a discriminator's verdict should stay the same.
import { checkInteger, checkNumber, checkOptions, formatShape, GanKitError, type RandomStream } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';

/**
 * A random change of each sample that keeps its meaning and its shape. It draws from `random` and moves it on. The caller owns the result.
 */
export type Augmentation = (samples: tf.Tensor, random: RandomStream) => tf.Tensor;

/** Options of {@link gaussianNoise}. */
export interface GaussianNoiseOptions {
  /** In the data's units ([-1, 1]): at least 0, 0.05 when absent. */
  readonly standardDeviation?: number | undefined;
}

/**
 * Adds normal noise to every number: for points and other data that is not an image.
 * @throws GanKitError `invalid-argument` for a negative standard deviation.
 */
export function gaussianNoise(options: GaussianNoiseOptions = {}): Augmentation {
  checkOptions('gaussianNoise', options, { standardDeviation: 'optional' });
  const { standardDeviation = 0.05 } = options;
  checkNumber('standardDeviation', standardDeviation, 0);
  return (samples, random) => tf.tidy(() => tf.add(samples, random.normalTensor(samples.shape, 0, standardDeviation)));
}

/** Options of {@link flipAndShift}. */
export interface FlipAndShiftOptions {
  /** Pixels: a whole number of at least 0, 4 when absent; images are never shifted by more than their side less one. */
  readonly maximumShift?: number | undefined;
  /** Whether to mirror; true when absent. Say `false` for text and digits. */
  readonly mirror?: boolean | undefined;
}

/**
 * Mirrors each image left to right with probability 1/2 and shifts the batch by up to `maximumShift` pixels in both
 * directions, edges repeated as mirror images: the augmentation of CR-GAN. For images [batch, height, width, channels].
 *
 * @throws GanKitError `invalid-argument` for a shift that is no whole number from 0. The augmentation throws `invalid-shape` for samples
 *   that are no images.
 */
export function flipAndShift(options: FlipAndShiftOptions = {}): Augmentation {
  checkOptions('flipAndShift', options, { maximumShift: 'optional', mirror: 'optional' });
  const { maximumShift = 4, mirror = true } = options;
  checkInteger('maximumShift', maximumShift, 0);
  return (samples, random) =>
    tf.tidy(() => {
      if (samples.rank !== 4) {
        throw new GanKitError(
          'invalid-shape',
          `flipAndShift needs images of shape [batch, height, width, channels], not samples of shape ${formatShape(samples.shape)}; use gaussianNoise() for other data.`,
          { value: samples.shape },
        );
      }
      const [batch = 1, height = 1, width = 1] = samples.shape;
      const images = samples as tf.Tensor4D;
      const flips = random.perRow(batch, () => (mirror && random.uniform() < 0.5 ? 1 : 0));
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
