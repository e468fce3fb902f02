/** Kernels that only look at the same elements under another shape or type. */

import * as tf from '@tensorflow/tfjs';
import { input, type KernelCall, type NativeKernel, sizeOf } from './native-kernel.ts';

function cast(call: KernelCall): tf.TensorInfo | undefined {
  const x = input(call, 'x');
  const { backend } = call;
  const target = call.attrs['dtype'] as tf.DataType;
  if (x.dtype === target && x.dtype !== 'complex64') return backend.alias(x);
  const kernel =
    target === 'float32' && x.dtype === 'int32'
      ? 'int32_to_float'
      : target === 'float32' && x.dtype === 'bool'
        ? 'bool_to_float'
        : target === 'bool' && x.dtype === 'float32'
          ? 'float_to_bool'
          : undefined;
  if (kernel === undefined) return undefined;
  const out = backend.reserve(x.shape, target as 'float32' | 'bool');
  backend.kernel(kernel)(backend.pointer(x), backend.pointer(out), sizeOf(x.shape), 0, 0);
  return out;
}

function reshape(call: KernelCall): tf.TensorInfo | undefined {
  const x = input(call, 'x');
  if (x.dtype === 'complex64') return undefined;
  const size = sizeOf(x.shape);
  const shape = tf.util.inferFromImplicitShape(call.attrs['shape'] as number[], size);
  if (sizeOf(shape) !== size) return undefined;
  return call.backend.alias(x, shape);
}

function fillLike(value: number): (call: KernelCall) => tf.TensorInfo | undefined {
  return (call) => {
    const x = input(call, 'x');
    if (x.dtype !== 'float32') return undefined;
    const out = call.backend.reserve(x.shape, 'float32');
    call.backend.kernel('fill')(call.backend.pointer(out), sizeOf(x.shape), value);
    return out;
  };
}

function fill(call: KernelCall): tf.TensorInfo | undefined {
  const { shape, value, dtype } = call.attrs;
  if (typeof value !== 'number' || (dtype !== undefined && dtype !== 'float32')) return undefined;
  const out = call.backend.reserve(shape as number[], 'float32');
  call.backend.kernel('fill')(call.backend.pointer(out), sizeOf(shape as number[]), value);
  return out;
}

function identity(call: KernelCall): tf.TensorInfo | undefined {
  const x = input(call, 'x');
  return x.dtype === 'complex64' ? undefined : call.backend.alias(x);
}

function expandDims(call: KernelCall): tf.TensorInfo | undefined {
  const x = input(call, 'input');
  if (x.dtype === 'complex64') return undefined;
  const dim = call.attrs['dim'] as number;
  const rank = x.shape.length;
  if (!(dim >= -(rank + 1) && dim <= rank)) return undefined;
  const shape = [...x.shape];
  shape.splice(dim < 0 ? rank + dim + 1 : dim, 0, 1);
  return call.backend.alias(x, shape);
}

export const identityKernels: NativeKernel[] = [
  { name: 'Identity', run: identity },
  { name: 'ExpandDims', run: expandDims },
  { name: 'Cast', run: cast },
  { name: 'Reshape', run: reshape },
  { name: 'ZerosLike', run: fillLike(0) },
  { name: 'OnesLike', run: fillLike(1) },
  { name: 'Fill', run: fill },
];
