/**
 * The gradient of max pooling's backward kernel, which sends each entry of `dy` to the first largest entry of its window:
 * its adjoint collects, for every window, what lies at that entry. The kernel itself has no gradient in tfjs.
 */
import * as tf from '@tensorflow/tfjs';
import { everyNth, padOrCropAxis } from '../kernels/dilate-axis.ts';
import { type Gradient, mask } from './gradient.ts';
import { type WindowAxis, windowAxes } from './pool-windows.ts';

/** Stands for minus infinity in the padding: no largest entry equals it, and it survives a multiplication by 0. */
const belowEverything = -3e38;

/**
 * What each window has at each of its offsets, in row-major order of the offsets: the order in which the kernels look for
 * the largest entry. `value` stands in the padding. Every result is `[windows, channels]`.
 */
function entriesOf(x: tf.Tensor, axes: readonly WindowAxis[], value: number): tf.Tensor[] {
  let parts = [x];
  for (const { axis, size, stride, before, input, output } of axes) {
    const after = Math.max(0, (output - 1) * stride + size - before - input);
    parts = parts.flatMap((part) => {
      const padded = padOrCropAxis(part, axis, before, after, value);
      return Array.from({ length: size }, (_, offset) => everyNth(padded, axis, offset, stride, output));
    });
  }
  return parts.map((part) => tf.reshape(part, [-1, x.shape[x.rank - 1]!]));
}

/** For each window, the entry of `values` at the place of the first largest entry of `x`. */
export function valuesAtLargest(values: tf.Tensor, x: tf.Tensor, y: tf.Tensor, axes: readonly WindowAxis[]): tf.Tensor {
  const largest = tf.reshape(y, [-1, y.shape[y.rank - 1]!]);
  const candidates = entriesOf(values, axes, 0);
  let found: tf.Tensor = tf.zeros(largest.shape);
  let collected: tf.Tensor = tf.zeros(largest.shape);
  entriesOf(x, axes, belowEverything).forEach((entries, i) => {
    const first = tf.mul(mask(tf.equal(entries, largest)), tf.sub(1, found));
    found = tf.add(found, first);
    collected = tf.add(collected, tf.mul(first, candidates[i]!));
  });
  return tf.reshape(collected, y.shape);
}

function maxPoolingBackward(kernelName: string): Gradient {
  return {
    kernelName,
    inputsToSave: ['input', 'output'],
    gradFunc: (ddx, [input, output], attributes) => ({
      dy: () => valuesAtLargest(ddx, input!, output!, windowAxes(input!.shape, attributes)),
      input: () => tf.zerosLike(input!),
      output: () => tf.zerosLike(output!),
    }),
  };
}

export const maxPoolingGradients: readonly Gradient[] = ['MaxPoolGrad', 'MaxPool3DGrad'].map(maxPoolingBackward);
