/** Gradients of operations that pick entries by index: gather (and so embeddings) and the k largest. */
import * as tf from '@tensorflow/tfjs';
import { type Gradient, zeroGradient } from './gradient.ts';

/** Rows of `dy` are added to the entries that were gathered. Batches are told apart by an offset, in one segment sum. */
const gather: Gradient = {
  kernelName: 'GatherV2',
  inputsToSave: ['x', 'indices'],
  gradFunc: (dy, [x, indices], attributes) => ({
    x: () => {
      const shape = x!.shape;
      const axis = tf.util.parseAxisParam(attributes['axis'] as number, shape)[0]!;
      const batchDims = (attributes['batchDims'] as number | undefined) ?? 0;
      const batch = tf.util.sizeFromShape(shape.slice(0, batchDims));
      const outer = tf.util.sizeFromShape(shape.slice(batchDims, axis));
      const size = shape[axis]!;
      const inner = tf.util.sizeFromShape(shape.slice(axis + 1));
      const count = indices!.size / batch;
      // [batch, outer, count, inner], with the gathered axis moved next to the batch.
      const rows = tf.transpose(tf.reshape(dy, [batch, outer, count, inner]), [0, 2, 1, 3]);
      const first = tf.mul(tf.range(0, batch, 1, 'int32'), tf.scalar(size, 'int32'));
      const segments = tf.add(tf.reshape(indices!, [batch, count]), tf.reshape(first, [batch, 1]));
      const sums = tf.unsortedSegmentSum(
        tf.reshape(rows, [batch * count, outer * inner]),
        tf.reshape(tf.cast(segments, 'int32'), [batch * count]),
        batch * size,
      );
      return tf.reshape(tf.transpose(tf.reshape(sums, [batch, size, outer, inner]), [0, 2, 1, 3]), shape);
    },
    indices: () => zeroGradient(indices!),
  }),
};

/** The k largest are picked by their indices; the indices themselves have no gradient. */
const topK: Gradient = {
  kernelName: 'TopK',
  inputsToSave: ['x'],
  outputsToSave: [false, true],
  gradFunc: (dys, [x, indices]) => ({
    x: () => {
      const [dValues] = dys as unknown as tf.Tensor[];
      const size = x!.shape[x!.rank - 1]!;
      const chosen = tf.oneHot(tf.cast(indices!, 'int32'), size);
      return tf.sum(tf.mul(tf.cast(chosen, 'float32'), tf.expandDims(dValues!, -1)), -2);
    },
  }),
};

export const indexingGradients: readonly Gradient[] = [gather, topK];
