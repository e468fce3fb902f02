// The labels that came with the data.
import { type Batch, GanKitError } from '@gankit/core';
import type * as tf from '@tensorflow/tfjs';
import { checkLabels, checkLabelValues } from '../labels.ts';

/** What a conditioning tells that gives labels to both players. */
export const labelsForBoth = { real: ['labels'], fake: ['labels'] } as const;

/**
 * The labels of a batch, which stay with it.
 * @param who The part that needs them, for the error's sentence.
 * @param classes How many classes there are, when that is known: then the value of each label is checked.
 * @throws GanKitError `incompatible` when the data have none, `invalid-shape` when they are not int32 [batch], `invalid-data` for a
 *   label that is not from 0 to classes - 1.
 */
export function batchLabels(who: string, { data, labels }: Batch, classes: number | undefined): tf.Tensor1D {
  if (labels === undefined) {
    throw new GanKitError(
      'incompatible',
      `The data have no labels, which ${who} needs; use data with classes, or leave out the conditioning.`,
    );
  }
  checkLabels(who, labels, data.shape[0]!);
  if (classes !== undefined) checkLabelValues(who, labels, classes);
  return labels;
}
