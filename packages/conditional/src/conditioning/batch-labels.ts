// The labels that came with the data.
import { type Batch, GanKitError } from '@gankit/core';
import type * as tf from '@tensorflow/tfjs';
import { checkLabels } from '../labels.ts';

/**
 * The labels of a batch, which stay with it.
 * @param who The part that needs them, for the error's sentence.
 * @throws GanKitError `incompatible` when the data have none, `invalid-shape` when they are not int32 [batch].
 */
export function batchLabels(who: string, { data, labels }: Batch): tf.Tensor1D {
  if (labels === undefined) {
    throw new GanKitError(
      'incompatible',
      `The data have no labels, which ${who} needs; use data with classes, or leave out the conditioning.`,
    );
  }
  checkLabels(who, labels, data.shape[0]!);
  return labels;
}
