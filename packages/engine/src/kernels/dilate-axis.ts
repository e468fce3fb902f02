/**
 * Zeros between the entries of an axis, around them, and every n-th entry of an axis: what turns strides and dilations into
 * plain convolutions and plain slices. Arrays are seen as `[outer, axis, inner]`, because webgl and webgpu pad and slice few
 * axes only. Built of reshape, pad and slice, hence differentiable to any order on every backend.
 */
import * as tf from '@tensorflow/tfjs';

/** `x` as `[outer, axis, inner]`. */
function around(x: tf.Tensor, axis: number): tf.Tensor3D {
  const outer = tf.util.sizeFromShape(x.shape.slice(0, axis));
  return tf.reshape(x, [outer, x.shape[axis]!, tf.util.sizeFromShape(x.shape.slice(axis + 1))]);
}

/** Back to the shape of `x`, the axis with the size that `changed` has. */
function restore<T extends tf.Tensor>(changed: tf.Tensor3D, x: T, axis: number): T {
  return tf.reshape(changed, [...x.shape.slice(0, axis), changed.shape[1], ...x.shape.slice(axis + 1)]) as T;
}

/** Inserts `step - 1` zeros between neighbours along `axis`: size `n` becomes `(n - 1) step + 1`. */
export function dilateAxis<T extends tf.Tensor>(x: T, axis: number, step: number): T {
  const size = x.shape[axis]!;
  if (step === 1 || size === 0) return x;
  const [outer, , inner] = around(x, axis).shape;
  const spread = tf.pad3d(tf.reshape(x, [outer * size, 1, inner]), [
    [0, 0],
    [0, step - 1],
    [0, 0],
  ]);
  const all = tf.reshape(spread, [outer, size * step, inner]) as tf.Tensor3D;
  return restore(tf.slice3d(all, [0, 0, 0], [outer, (size - 1) * step + 1, inner]), x, axis);
}

/** Entries of `value` before and after those of `axis`; a negative count cuts entries off instead. */
export function padOrCropAxis<T extends tf.Tensor>(x: T, axis: number, before: number, after: number, value = 0): T {
  if (before === 0 && after === 0) return x;
  const whole = around(x, axis);
  const [outer, size, inner] = whole.shape;
  const cut = [Math.max(0, -before), Math.max(0, -after)] as const;
  const cropped =
    cut[0] > 0 || cut[1] > 0 ? tf.slice3d(whole, [0, cut[0], 0], [outer, size - cut[0] - cut[1], inner]) : whole;
  const padded = tf.pad3d(
    cropped,
    [
      [0, 0],
      [Math.max(0, before), Math.max(0, after)],
      [0, 0],
    ],
    value,
  );
  return restore(padded, x, axis);
}

/** `count` entries of `axis`: `start`, `start + step`, `start + 2 step`, ... */
export function everyNth<T extends tf.Tensor>(x: T, axis: number, start: number, step: number, count: number): T {
  const whole = around(x, axis);
  const [outer, , inner] = whole.shape;
  const taken =
    step === 1
      ? tf.slice3d(whole, [0, start, 0], [outer, count, inner])
      : tf.stridedSlice(whole, [0, start, 0], [outer, start + (count - 1) * step + 1, inner], [1, step, 1]);
  return restore(taken as tf.Tensor3D, x, axis);
}
