/** Zeros between the entries of an axis: what turns strides and dilations into plain convolutions and plain slices. */
import * as tf from '@tensorflow/tfjs';

/**
 * Inserts `step - 1` zeros between neighbours along `axis`: size `n` becomes `(n - 1) step + 1`. Built of reshape, pad
 * and slice, so it is differentiable to any order on every backend.
 */
export function dilateAxis<T extends tf.Tensor>(x: T, axis: number, step: number): T {
  const size = x.shape[axis]!;
  if (step === 1 || size === 0) return x;
  const outer = tf.util.sizeFromShape(x.shape.slice(0, axis));
  const inner = tf.util.sizeFromShape(x.shape.slice(axis + 1));
  const spread = tf.pad3d(tf.reshape(x, [outer * size, 1, inner]), [
    [0, 0],
    [0, step - 1],
    [0, 0],
  ]);
  const cut = tf.slice3d(
    tf.reshape(spread, [outer, size * step, inner]),
    [0, 0, 0],
    [outer, (size - 1) * step + 1, inner],
  );
  return tf.reshape(cut, [...x.shape.slice(0, axis), (size - 1) * step + 1, ...x.shape.slice(axis + 1)]) as T;
}

/** Zeros before and after the entries of `axis`; a negative count cuts entries off instead. */
export function padOrCropAxis<T extends tf.Tensor>(x: T, axis: number, before: number, after: number): T {
  const begin = x.shape.map((_, i) => (i === axis ? Math.max(0, -before) : 0));
  const size = x.shape.map((n, i) => (i === axis ? n - Math.max(0, -before) - Math.max(0, -after) : n));
  const cropped = before < 0 || after < 0 ? tf.slice(x, begin, size) : x;
  if (before <= 0 && after <= 0) return cropped;
  const paddings = x.shape.map((_, i): [number, number] =>
    i === axis ? [Math.max(0, before), Math.max(0, after)] : [0, 0],
  );
  return tf.pad(cropped, paddings) as T;
}
