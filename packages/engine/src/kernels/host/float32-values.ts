/** Reading and writing of tensors on the backends whose memory the program can address: cpu and wasm. */
import * as tf from '@tensorflow/tfjs';

interface CpuBackend {
  readonly data: { get(dataId: tf.DataId): { values: Float32Array | Int32Array | Uint8Array } };
  makeTensorInfo(shape: number[], dtype: tf.DataType, values: Float32Array): tf.TensorInfo;
}

interface WasmBackend {
  makeOutput(shape: number[], dtype: tf.DataType): tf.TensorInfo;
  typedArrayFromHeap(info: tf.TensorInfo): Float32Array | Int32Array | Uint8Array;
}

/** The backends that `host` kernels are written for. */
export type HostBackendName = 'cpu' | 'wasm';

/**
 * Computes a float32 tensor of `shape` from the values of `inputs`, on the backend that holds them. On wasm nothing is
 * copied: `compute` sees the heap itself. The output begins as zeros.
 */
export function computeFloat32(
  backendName: HostBackendName,
  backend: unknown,
  inputs: readonly tf.TensorInfo[],
  shape: readonly number[],
  compute: (output: Float32Array, ...values: (Float32Array | Int32Array | Uint8Array)[]) => void,
): tf.TensorInfo {
  if (backendName === 'cpu') {
    const cpu = backend as CpuBackend;
    const output = new Float32Array(tf.util.sizeFromShape([...shape]));
    compute(output, ...inputs.map(({ dataId }) => cpu.data.get(dataId).values));
    return cpu.makeTensorInfo([...shape], 'float32', output);
  }
  const wasm = backend as WasmBackend;
  // The output comes first: it may grow the heap, which detaches every view made before.
  const info = wasm.makeOutput([...shape], 'float32');
  const output = wasm.typedArrayFromHeap(info) as Float32Array;
  output.fill(0);
  compute(output, ...inputs.map((input) => wasm.typedArrayFromHeap(input)));
  return info;
}
