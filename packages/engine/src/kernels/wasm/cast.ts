/**
 * Cast to bool for wasm: its own cuts a number to one byte, so that -2 becomes 254 and 0.5 and 256 become false; whatever counts truth
 * values then counts wrongly.
 */
import type * as tf from '@tensorflow/tfjs';
import type { KernelRepair } from '../repair.ts';

interface WasmBackend {
  makeOutput(shape: number[], dtype: tf.DataType): tf.TensorInfo;
  typedArrayFromHeap(info: tf.TensorInfo): Float32Array | Int32Array | Uint8Array;
}

export const wasmCast: KernelRepair = {
  kernelName: 'Cast',
  backendName: 'wasm',
  kind: 'replace',
  kernelFunc: (params, original) => {
    const x = params.inputs['x'] as tf.TensorInfo;
    const { dtype } = params.attrs as { dtype: tf.DataType };
    if (dtype !== 'bool' || (x.dtype !== 'float32' && x.dtype !== 'int32')) return original(params);
    const backend = params.backend as unknown as WasmBackend;
    const output = backend.makeOutput(x.shape, 'bool');
    const truth = backend.typedArrayFromHeap(output);
    // Not-a-number is not zero, hence true.
    const values = backend.typedArrayFromHeap(x);
    for (let i = 0; i < values.length; i++) truth[i] = values[i] !== 0 ? 1 : 0;
    return output;
  },
};
