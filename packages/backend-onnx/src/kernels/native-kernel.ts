/** How a native kernel is written: one function, which returns nothing when the case is not its own and the cpu kernel shall take it. */

import type * as tf from '@tensorflow/tfjs';
import type { OnnxBackend } from '../backend.ts';

export interface KernelCall {
  inputs: tf.NamedTensorInfoMap;
  attrs: tf.NamedAttrMap;
  backend: OnnxBackend;
}

export interface NativeKernel {
  /** The kernel's name in tfjs. */
  name: string;
  run(call: KernelCall): tf.TensorInfo | tf.TensorInfo[] | undefined;
}

/** An input that the operation always has. */
export function input(call: KernelCall, name: string): tf.TensorInfo {
  return call.inputs[name] as tf.TensorInfo;
}

/** Number of elements in a shape. */
export function sizeOf(shape: readonly number[]): number {
  let size = 1;
  for (const length of shape) size *= length;
  return size;
}

export function isFloat(...infos: (tf.TensorInfo | undefined)[]): boolean {
  for (const info of infos) if (info !== undefined && info.dtype !== 'float32') return false;
  return true;
}
