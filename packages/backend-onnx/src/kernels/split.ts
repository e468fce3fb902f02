/** Taking a tensor apart along an axis (split, which is also the gradient of concat; unstack) and stacking tensors. */

import * as tf from '@tensorflow/tfjs';
import { input, type KernelCall, type NativeKernel } from './native-kernel.ts';
import { copyStrided, isMovable, type Movable, sliceOf, stridesOf } from './strided.ts';

/** Consecutive parts of `lengths` along `axis`. */
function parts(call: KernelCall, x: tf.TensorInfo, axis: number, lengths: readonly number[]): tf.TensorInfo[] {
  const begin = x.shape.map(() => 0);
  return lengths.map((length) => {
    const size = [...x.shape];
    size[axis] = length;
    const part = sliceOf(call.backend, x, begin, size);
    begin[axis] = (begin[axis] as number) + length;
    return part;
  });
}

function split(call: KernelCall): tf.TensorInfo[] | undefined {
  const x = input(call, 'x');
  if (!isMovable(x)) return undefined;
  const { numOrSizeSplits, axis } = call.attrs;
  const along = tf.util.parseAxisParam(axis as number, x.shape)[0] as number;
  const lengths = tf.backend_util.prepareSplitSize(x as tf.Tensor, numOrSizeSplits as number[] | number, along);
  return parts(call, x, along, lengths);
}

function unstack(call: KernelCall): tf.TensorInfo[] | undefined {
  const x = input(call, 'value');
  if (!isMovable(x)) return undefined;
  const given = call.attrs['axis'] as number;
  const axis = given < 0 ? given + x.shape.length : given;
  const count = x.shape[axis];
  if (count === undefined) return undefined;
  const shape = x.shape.filter((_, index) => index !== axis);
  return parts(call, x, axis, new Array<number>(count).fill(1)).map((part) => ({ ...part, shape }));
}

function stack(call: KernelCall): tf.TensorInfo | undefined {
  const inputs = Object.values(call.inputs) as tf.TensorInfo[];
  const [head] = inputs;
  if (head === undefined || !isMovable(head)) return undefined;
  const alike = ({ shape, dtype }: tf.TensorInfo) => dtype === head.dtype && tf.util.arraysEqual(shape, head.shape);
  const given = call.attrs['axis'] as number;
  const axis = given < 0 ? given + head.shape.length + 1 : given;
  // What does not fit together is the cpu kernel's to complain about.
  if (!inputs.every(alike) || !(axis >= 0 && axis <= head.shape.length)) return undefined;
  const { backend } = call;
  const shape = [...head.shape.slice(0, axis), inputs.length, ...head.shape.slice(axis)];
  const out = backend.reserve(shape, head.dtype as Movable);
  const target = stridesOf(shape);
  const [step] = target.splice(axis, 1) as [number];
  for (const [index, x] of inputs.entries()) {
    copyStrided(
      backend,
      x.dtype,
      x.shape,
      { pointer: backend.pointer(x), offset: 0, strides: stridesOf(x.shape) },
      { pointer: backend.pointer(out), offset: index * step, strides: target },
    );
  }
  return out;
}

export const splitKernels: NativeKernel[] = [
  { name: 'SplitV', run: split },
  { name: 'Unpack', run: unstack },
  { name: 'Pack', run: stack },
];
