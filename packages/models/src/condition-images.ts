// What image-to-image networks ask of the condition.
import { type Condition, checkBatch, GanKitError } from '@gankit/core';
import type * as tf from '@tensorflow/tfjs';

/**
 * The images of a condition, one for each sample.
 * @throws GanKitError `incompatible` when there are none, `invalid-shape` when they do not fit.
 */
export function conditionImages(
  name: string,
  condition: Condition | undefined,
  shape: readonly number[],
  batch: number,
): tf.Tensor4D {
  const images = condition?.images;
  if (images === undefined) {
    throw new GanKitError('incompatible', `${name} needs an image for each sample; pass condition: { images }.`);
  }
  checkBatch(`The condition of ${name}`, images, shape);
  if (images.shape[0] === batch) return images;
  throw new GanKitError(
    'invalid-shape',
    `${name} got ${images.shape[0]} images as its condition for ${batch} samples; pass one for each.`,
    { value: images.shape[0] },
  );
}
