/**
 * The gradient of max pooling's backward kernel, which sends each entry of `dy` to the first largest entry of its window:
 * its adjoint collects, for every window, what lies at that entry. The kernel itself has no gradient in tfjs.
 */
import * as tf from '@tensorflow/tfjs';
import { type Gradient, mask } from './gradient.ts';
import { type WindowAxis, windowAxes } from './pool-windows.ts';

/** Stands for minus infinity in the padding: no largest entry equals it, and it survives a multiplication by 0. */
const belowEverything = -3e38;

/** `x` with as much padding around its spatial axes as the windows cover, filled with `value`. */
function padded(x: tf.Tensor, axes: readonly WindowAxis[], value: number): tf.Tensor {
  const paddings: [number, number][] = x.shape.map(() => [0, 0]);
  for (const { axis, size, stride, before, input, output } of axes) {
    paddings[axis] = [before, Math.max(0, (output - 1) * stride + size - before - input)];
  }
  return paddings.every(([before, after]) => before === 0 && after === 0) ? x : tf.pad(x, paddings, value);
}

/** For one offset inside the window, the entry that each window has there. */
function entriesAt(x: tf.Tensor, axes: readonly WindowAxis[], offsets: readonly number[]): tf.Tensor {
  const begin = x.shape.map(() => 0);
  const end = [...x.shape];
  const strides = x.shape.map(() => 1);
  axes.forEach(({ axis, stride, output }, i) => {
    begin[axis] = offsets[i]!;
    end[axis] = offsets[i]! + (output - 1) * stride + 1;
    strides[axis] = stride;
  });
  return tf.stridedSlice(x, begin, end, strides);
}

/** Every offset inside the window, in row-major order: the order in which the kernels look for the largest entry. */
function windowOffsets(axes: readonly WindowAxis[]): number[][] {
  let offsets: number[][] = [[]];
  for (const { size } of axes) {
    offsets = offsets.flatMap((prefix) => Array.from({ length: size }, (_, i) => [...prefix, i]));
  }
  return offsets;
}

/** For each window, the entry of `values` at the place of the first largest entry of `x`. */
export function valuesAtLargest(values: tf.Tensor, x: tf.Tensor, y: tf.Tensor, axes: readonly WindowAxis[]): tf.Tensor {
  const paddedX = padded(x, axes, belowEverything);
  const paddedValues = padded(values, axes, 0);
  let found: tf.Tensor = tf.zeros(y.shape);
  let collected: tf.Tensor = tf.zeros(y.shape);
  for (const offsets of windowOffsets(axes)) {
    const first = tf.mul(mask(tf.equal(entriesAt(paddedX, axes, offsets), y)), tf.sub(1, found));
    found = tf.add(found, first);
    collected = tf.add(collected, tf.mul(first, entriesAt(paddedValues, axes, offsets)));
  }
  return collected;
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
