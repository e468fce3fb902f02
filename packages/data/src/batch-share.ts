// The rows of a batch that one of several processes is given.
import {
  type Batch,
  type BatchShare,
  conditionTensors,
  disposeBatch,
  isSpread,
  ownRows,
  rowsOfShare,
} from '@gankit/core';
import * as tf from '@tensorflow/tfjs';

/** A share of the indices of a batch: nothing else has to be read. */
export function sharedIndices(indices: Uint32Array, share: BatchShare | undefined): Uint32Array {
  if (!isSpread(share)) return indices;
  const rows = rowsOfShare(indices.length, share);
  return indices.slice(rows * share.rank, rows * (share.rank + 1));
}

/** A share of a batch that is there; the batch is freed. The batch itself for one process. */
export function sharedBatch(batch: Batch, share: BatchShare | undefined): Batch {
  if (!isSpread(share)) return batch;
  const tensors = Object.entries({ data: batch.data, ...conditionTensors(batch) });
  const rows = tensors.map(([name, tensor]) => [name, tf.tidy(() => ownRows(tensor, share))] as const);
  disposeBatch(batch);
  return Object.fromEntries(rows) as unknown as Batch;
}
