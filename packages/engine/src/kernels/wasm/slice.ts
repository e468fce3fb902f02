/**
 * Slice for wasm: the backend's own copies the whole input out of the heap for every slice, so unstacking a batch costs
 * its square. Here runs of neighbouring entries are copied within the heap.
 */
import * as tf from '@tensorflow/tfjs';
import type { KernelRepair } from '../repair.ts';

type NumericArray = Float32Array | Int32Array | Uint8Array;

interface WasmBackend {
  makeOutput(shape: number[], dtype: tf.DataType): tf.TensorInfo;
  typedArrayFromHeap(info: tf.TensorInfo): NumericArray;
}

/** Below this many entries a loop beats `TypedArray.set`, which has to make a view first. */
const shortRun = 16;

/** Copies the block of `x` (of `shape`) that begins at `begin` and has the extent `size` to `output`, in order. */
export function copyBlock(
  output: NumericArray,
  x: NumericArray,
  shape: readonly number[],
  begin: readonly number[],
  size: readonly number[],
): void {
  if (output.length === 0) return;
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, n) => product * n, 1));
  // Trailing axes that are taken whole make one run together with the first axis that is not.
  let last = shape.length - 1;
  while (last > 0 && size[last] === shape[last]) last--;
  const run = last < 0 ? 1 : size[last]! * strides[last]!;
  const index = new Array<number>(Math.max(0, last)).fill(0);
  let from = begin.reduce((sum, start, axis) => sum + start * strides[axis]!, 0);
  for (let to = 0; to < output.length; to += run) {
    if (run < shortRun) for (let i = 0; i < run; i++) output[to + i] = x[from + i]!;
    else output.set(x.subarray(from, from + run), to);
    for (let axis = index.length - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      if (++index[axis]! < size[axis]!) break;
      from -= size[axis]! * strides[axis]!;
      index[axis] = 0;
    }
  }
}

export const wasmSlice: KernelRepair = {
  kernelName: 'Slice',
  backendName: 'wasm',
  kind: 'replace',
  kernelFunc: (params, original) => {
    const x = params.inputs['x'] as tf.TensorInfo;
    if (x.dtype === 'string') return original(params);
    const backend = params.backend as unknown as WasmBackend;
    const attrs = params.attrs as { begin: number | number[]; size: number | number[] };
    const [begin, size] = tf.slice_util.parseSliceParams(x as tf.Tensor, attrs.begin, attrs.size) as [
      number[],
      number[],
    ];
    const output = backend.makeOutput(size, x.dtype);
    copyBlock(backend.typedArrayFromHeap(output), backend.typedArrayFromHeap(x), x.shape, begin, size);
    return output;
  },
};
