import { type Batch, checkBatch, conditionTensors, disposeBatch, formatShape, GanKitError } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';

/**
 * The batch that a source's own function made, if it is one of `count` samples of the source; its values stay unread.
 * @throws GanKitError `invalid-data` for something that is no batch, `invalid-shape` for another shape, type or number of samples.
 *   The batch is freed then.
 */
export function checkedBatch(name: string, shape: readonly number[], count: number, batch: Batch): Batch {
  if (!(batch?.data instanceof tf.Tensor)) {
    throw new GanKitError(
      'invalid-data',
      `'${name}' gave no batch; its function must return an object whose 'data' is a tensor of ${formatShape(['count', ...shape])}.`,
      { value: batch },
    );
  }
  try {
    checkBatch(`The data in a batch of '${name}'`, batch.data, shape);
    for (const [part, tensor] of Object.entries({ data: batch.data, ...conditionTensors(batch) })) {
      if (tensor.shape[0] === count) continue;
      throw new GanKitError(
        'invalid-shape',
        `The ${part} in a batch of '${name}' have shape ${formatShape(tensor.shape)}, but ${count} samples were asked for; make the first axis ${count}.`,
        { value: tensor.shape },
      );
    }
    return batch;
  } catch (error) {
    disposeBatch(batch);
    throw error;
  }
}
