/** Reading and writing of tensors on the backends whose memory the program can address: cpu and wasm. */
import * as tf from '@tensorflow/tfjs';

type NumericArray = Float32Array | Int32Array | Uint8Array;

interface CpuBackend {
  readonly data: { get(dataId: tf.DataId): { values: Float32Array | Int32Array | Uint8Array } };
  makeTensorInfo(shape: number[], dtype: tf.DataType, values: Float32Array | Int32Array): tf.TensorInfo;
}

interface WasmBackend {
  makeOutput(shape: number[], dtype: tf.DataType): tf.TensorInfo;
  typedArrayFromHeap(info: tf.TensorInfo): NumericArray;
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
  compute: (output: Float32Array, ...values: NumericArray[]) => void,
): tf.TensorInfo {
  return computeValues(backendName, backend, 'float32', inputs, shape, (output, ...values) =>
    compute(output as Float32Array, ...values),
  );
}

/** As `computeFloat32`, for a result of either dtype that sums are made of. */
export function computeValues(
  backendName: HostBackendName,
  backend: unknown,
  dtype: 'float32' | 'int32',
  inputs: readonly tf.TensorInfo[],
  shape: readonly number[],
  compute: (output: Float32Array | Int32Array, ...values: NumericArray[]) => void,
): tf.TensorInfo {
  if (backendName === 'cpu') {
    const cpu = backend as CpuBackend;
    const size = tf.util.sizeFromShape([...shape]);
    const output = dtype === 'float32' ? new Float32Array(size) : new Int32Array(size);
    compute(output, ...inputs.map(({ dataId }) => cpu.data.get(dataId).values));
    return cpu.makeTensorInfo([...shape], dtype, output);
  }
  const wasm = backend as WasmBackend;
  // The output comes first: it may grow the heap, which detaches every view made before.
  const info = wasm.makeOutput([...shape], dtype);
  const output = wasm.typedArrayFromHeap(info) as Float32Array | Int32Array;
  output.fill(0);
  compute(output, ...inputs.map((input) => wasm.typedArrayFromHeap(input)));
  return info;
}
