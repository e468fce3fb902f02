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

export interface Transposes {
  readonly transposeA?: boolean | undefined;
  readonly transposeB?: boolean | undefined;
}

/** The product of operands without entries, which the backends leave as it was in memory; undefined when there are entries. */
export function emptyProduct(
  a: tf.Tensor,
  b: tf.Tensor,
  { transposeA, transposeB }: Transposes,
): tf.Tensor | undefined {
  if (!a.shape.includes(0) && !b.shape.includes(0)) return undefined;
  const batch = tf.broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const rows = a.shape[transposeA ? a.rank - 1 : a.rank - 2]!;
  const columns = b.shape[transposeB ? b.rank - 2 : b.rank - 1]!;
  return tf.zeros([...batch, rows, columns], a.dtype);
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
      const empty = emptyProduct(a, b, params.attrs as unknown as Transposes);
      if (empty !== undefined) return empty;
      if (!needsBroadcast(batchA, batchB)) return original(params);
      const batch = tf.broadcast_util.assertAndGetBroadcastShape(batchA, batchB);
      return tf.tidy(() => {
        const inputs = { a: withBatch(a, batch), b: withBatch(b, batch) };
        return tf.engine().makeTensorFromTensorInfo(original({ ...params, inputs }) as tf.TensorInfo);
      });
    },
  };
}
