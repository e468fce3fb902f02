/** The sum of several tensors of one shape. */

import type * as tf from '@tensorflow/tfjs';
import { isFloat, type KernelCall, type NativeKernel, sizeOf } from './native-kernel.ts';

function run(call: KernelCall): tf.TensorInfo | undefined {
  const tensors = Object.values(call.inputs) as tf.TensorInfo[];
  const [first] = tensors;
  if (first === undefined || !isFloat(...tensors)) return undefined;
  const { backend } = call;
  const size = sizeOf(first.shape);
  const out = backend.reserve(first.shape, 'float32');
  const pointer = backend.pointer(out);
  backend.kernel('fill')(pointer, size, 0);
  for (const tensor of tensors) backend.kernel('accumulate')(backend.pointer(tensor), pointer, size);
  return out;
}

export const addNKernel: NativeKernel = { name: 'AddN', run };
