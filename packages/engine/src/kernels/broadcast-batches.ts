/**
 * BatchMatMul of every backend repeats the batches of the smaller operand from the start, which is right only when one
 * operand has a single matrix: `[2, 1, m, k] x [2, 3, k, n]` multiplies the wrong pairs, and `[1, 2, ..] x [3, 1, ..]` gives
 * too few products. Operands whose batch axes differ are broadcast first.
 */
import * as tf from '@tensorflow/tfjs';
import type { KernelRepair } from './repair.ts';

function withBatch(x: tf.Tensor, batch: readonly number[]): tf.Tensor {
  return tf.broadcastTo(x, [...batch, ...x.shape.slice(-2)]);
}

/** Whether the backends' own way of repeating batches gives other pairs than broadcasting does. */
export function needsBroadcast(a: readonly number[], b: readonly number[]): boolean {
  const single = (batch: readonly number[]) => batch.every((size) => size === 1);
  const trimmed = (batch: readonly number[]) => batch.slice(batch.findIndex((size) => size !== 1));
  return !single(a) && !single(b) && !tf.util.arraysEqual(trimmed(a), trimmed(b));
}

export function broadcastBatches(backendName: string): KernelRepair {
  return {
    kernelName: 'BatchMatMul',
    backendName,
    kind: 'replace',
    kernelFunc: (params, original) => {
      const a = params.inputs['a'] as tf.Tensor;
      const b = params.inputs['b'] as tf.Tensor;
      const [batchA, batchB] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
      if (!needsBroadcast(batchA, batchB)) return original(params);
      const batch = tf.broadcast_util.assertAndGetBroadcastShape(batchA, batchB);
      return tf.tidy(() => {
        const inputs = { a: withBatch(a, batch), b: withBatch(b, batch) };
        return tf.engine().makeTensorFromTensorInfo(original({ ...params, inputs }) as tf.TensorInfo);
      });
    },
  };
}
