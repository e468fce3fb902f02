/**
 * Kernels of the cpu backend for tensors of the wasm backend: for the dtypes and the geometries in which wasm's own are wrong, and
 * which are too rare for a kernel of their own. Values are copied out of the heap, the cpu kernel computes (a repaired one, where cpu
 * is wrong too), and its results are copied back.
 */
import { GanKitError } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import type { KernelRepair } from '../repair.ts';

type KernelParams = Parameters<tf.KernelFunc>[0];

interface WasmBackend {
  makeOutput(shape: number[], dtype: tf.DataType): tf.TensorInfo;
  typedArrayFromHeap(info: tf.TensorInfo): Float32Array | Int32Array | Uint8Array;
  readSync(dataId: tf.DataId): tf.BackendValues;
  incRef(dataId: tf.DataId): void;
  disposeData(dataId: tf.DataId): boolean;
}

/** What a kernel of the cpu backend asks of its backend; results stay here until they are copied to the heap. */
class CpuStorage {
  readonly #wasm: WasmBackend;
  readonly #made = new Map<tf.DataId, { values: tf.BackendValues; refCount: number }>();

  constructor(wasm: WasmBackend) {
    this.#wasm = wasm;
  }

  readonly data = {
    get: (dataId: tf.DataId): { values: tf.BackendValues } =>
      this.#made.get(dataId) ?? { values: this.#wasm.readSync(dataId) },
  };

  /** The tile of the cpu backend's matrix product. */
  readonly blockSize = 48;

  write(values: tf.BackendValues | undefined, shape: number[]): tf.DataId {
    const dataId = {};
    this.#made.set(dataId, { values: values ?? new Float32Array(tf.util.sizeFromShape(shape)), refCount: 1 });
    return dataId;
  }

  makeTensorInfo(shape: number[], dtype: tf.DataType, values?: tf.BackendValues): tf.TensorInfo {
    return { dataId: this.write(values, shape), shape, dtype };
  }

  bufferSync(info: tf.TensorInfo): tf.TensorBuffer<tf.Rank> {
    return tf.buffer(info.shape, info.dtype as 'float32', this.data.get(info.dataId).values as Float32Array);
  }

  incRef(dataId: tf.DataId): void {
    const own = this.#made.get(dataId);
    if (own === undefined) this.#wasm.incRef(dataId);
    else own.refCount++;
  }

  disposeData(dataId: tf.DataId): boolean {
    const own = this.#made.get(dataId);
    if (own === undefined) return this.#wasm.disposeData(dataId);
    if (--own.refCount > 0) return false;
    return this.#made.delete(dataId);
  }

  disposeIntermediateTensorInfo({ dataId }: tf.TensorInfo): void {
    this.disposeData(dataId);
  }

  /** A result on the heap, every entry as its dtype keeps it. */
  toHeap(info: tf.TensorInfo): tf.TensorInfo {
    const own = this.#made.get(info.dataId);
    if (own === undefined) return info;
    const output = this.#wasm.makeOutput(info.shape, info.dtype);
    this.#wasm.typedArrayFromHeap(output).set(own.values as Float32Array);
    return output;
  }
}

/** Runs the cpu backend's kernel of this name on tensors of the wasm backend. */
export function runCpuKernel(kernelName: string, params: KernelParams): tf.TensorInfo | tf.TensorInfo[] {
  const kernel = tf.getKernel(kernelName, 'cpu');
  if (kernel === undefined) {
    throw new GanKitError(
      'backend',
      `The kernel ${kernelName} of the wasm backend is wrong for this call, and the cpu backend's, which is to take its place, is not registered; import '@tensorflow/tfjs' first.`,
      { value: kernelName },
    );
  }
  const storage = new CpuStorage(params.backend as unknown as WasmBackend);
  const results = kernel.kernelFunc({ ...params, backend: storage });
  return Array.isArray(results) ? results.map((info) => storage.toHeap(info)) : storage.toHeap(results);
}

/** The cpu backend's kernel in place of the wasm backend's, for the calls that `wrong` names. */
export function byCpuKernel(kernelName: string, wrong: (params: KernelParams) => boolean = () => true): KernelRepair {
  return {
    kernelName,
    backendName: 'wasm',
    kind: 'replace',
    kernelFunc: (params, original) => (wrong(params) ? runCpuKernel(kernelName, params) : original(params)),
  };
}
