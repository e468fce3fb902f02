// Differentiable augmentation: real and generated samples are changed alike, in both players' updates.
import { checkOptions, type Discriminator, GanKitError, type RandomStream, type Stateful } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { withTransformedInput } from '../transformed-input.ts';
import { cutOut } from './augmentation/cut-out.ts';
import { checkImages } from './augmentation/image-shape.ts';
import { place } from './augmentation/placement.ts';

/** A group of changes, see {@link diffAugment}. */
export const diffAugmentPolicies = ['color', 'translation', 'cutout'] as const;
export type DiffAugmentPolicy = (typeof diffAugmentPolicies)[number];

export interface DiffAugmentOptions {
  /** The groups, made in this order; all three by default. */
  readonly policy?: readonly DiffAugmentPolicy[] | undefined;
  /** The changes are drawn from a fork of this stream. */
  readonly random: RandomStream;
}

/** The published ranges: a shift of up to an eighth of the side, a hole of half of it. */
const translationShare = 0.125;
const cutoutShare = 0.5;

/** `count` numbers, uniform in [minimum, maximum), one for each image. */
function perImage(random: RandomStream, count: number, minimum: number, maximum: number): tf.Tensor4D {
  return random.uniformTensor([count, 1, 1, 1], minimum, maximum);
}

/** A whole number from -reach to reach. */
function symmetric(random: RandomStream, reach: number): number {
  return random.integer(2 * reach + 1) - reach;
}

function color(images: tf.Tensor4D, random: RandomStream): tf.Tensor4D {
  const count = images.shape[0];
  const scaleAround = (x: tf.Tensor4D, axes: number[], factors: tf.Tensor4D): tf.Tensor4D => {
    const mean = tf.mean(x, axes, true);
    return tf.add(tf.mul(tf.sub(x, mean), factors), mean);
  };
  const bright = tf.add<tf.Tensor4D>(images, perImage(random, count, -0.5, 0.5));
  const saturated = scaleAround(bright, [3], perImage(random, count, 0, 2));
  return scaleAround(saturated, [1, 2, 3], perImage(random, count, 0.5, 1.5));
}

function translation(images: tf.Tensor4D, random: RandomStream): tf.Tensor4D {
  const [count, height, width] = images.shape;
  const reach = (side: number) => Math.floor(side * translationShare + 0.5);
  const placements = random.perRow(count, () => ({
    down: symmetric(random, reach(height)),
    right: symmetric(random, reach(width)),
  }));
  return place(images, placements, 'zero');
}

function cutout(images: tf.Tensor4D, random: RandomStream): tf.Tensor4D {
  const [count, height, width] = images.shape;
  /** The hole's centre may lie anywhere in the image, and for an even hole one pixel behind it. */
  const span = (side: number): [number, number] => {
    const size = Math.floor(side * cutoutShare + 0.5);
    const start = random.integer(side + (1 - (size % 2))) - Math.floor(size / 2);
    return [start, start + size];
  };
  const rectangles = random.perRow(count, () => {
    const [top, bottom] = span(height);
    const [left, right] = span(width);
    return { top, bottom, left, right };
  });
  return cutOut(images, rectangles);
}

const groups = { color, translation, cutout };

/**
 * DiffAugment: in training, everything that the discriminator sees is changed at random, each image on its own, and the gradient
 * passes through the changes into the generator. With little data it keeps the discriminator from learning the set by heart.
 *
 * - `color`: brightness + U(-0.5, 0.5); saturation (distance from the mean over the channels) x U(0, 2); contrast (distance from
 *   the mean over the image) x U(0.5, 1.5).
 * - `translation`: by whole pixels, up to 1/8 of the side in both directions; what comes in is 0.
 * - `cutout`: a rectangle of half the sides around a point of the image becomes 0.
 *
 * Source: Zhao et al. 2020; the ranges are those of the authors' code. Outside training nothing is changed.
 *
 * @returns A discriminator that owns the given one.
 * @throws GanKitError `incompatible` for a discriminator whose input is not an image, `invalid-argument` for a policy that does
 *   not exist.
 */
export function diffAugment(
  discriminator: Discriminator,
  options: DiffAugmentOptions,
): Discriminator & Stateful & Disposable {
  checkOptions('diffAugment', options, { policy: 'optional', random: 'required' });
  const { policy = diffAugmentPolicies, random } = options;
  checkImages('DiffAugment', discriminator);
  const changes = policy.map((name) => {
    if (Object.hasOwn(groups, name)) return groups[name];
    throw new GanKitError(
      'invalid-argument',
      `DiffAugment has no policy '${name}'; choose from ${Object.keys(groups).join(', ')}.`,
      { value: name },
    );
  });
  const stream = random.fork('diff-augment');
  return withTransformedInput(discriminator, {
    parts: { augmentation: stream },
    transform: (samples, { communicator }) => {
      const shared = stream.sharedOver(communicator);
      return changes.reduce((images, change) => change(images, shared), samples as tf.Tensor4D);
    },
  });
}
