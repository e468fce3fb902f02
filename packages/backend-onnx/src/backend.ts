/**
 * The backend object: storage of tensors and access to the native side. It offers what tfjs's cpu backend offers its kernels,
 * so every cpu kernel runs on it unchanged where no native one is registered.
 */

import * as tf from '@tensorflow/tfjs';
import type { Heap } from './memory/heap.ts';
import { isHeapType, TensorData } from './memory/tensor-data.ts';
import { BOOL, type ElementType, FLOAT, INT32, type Model } from './onnx/model.ts';
import type { Runtime } from './runtime/runtime.ts';
import type { Operand } from './runtime/sessions.ts';
import type { Work } from './threads/work.ts';
import type { Kernel } from './wasm/kernels.ts';

const elementTypes: Record<string, ElementType> = { float32: FLOAT, int32: INT32, bool: BOOL };

const marker = Symbol.for('gankit.backend-onnx.backend');

export class OnnxBackend extends tf.KernelBackend {
  readonly [marker] = true;
  readonly data: tf.DataStorage<TensorData>;
  readonly runtime: Runtime;
  readonly heap: Heap;
  /** Width of ONNX Runtime's channel blocks on this CPU, or 0 when its blocked convolution is not in use. */
  channelBlock = 0;
  /** Whether convolutions may be computed by Winograd's minimal filtering. */
  winogradConvolution = true;
  private readonly kernels = new Map<string, Kernel>();
  /** Part of the cpu backend's surface: the tile of its matrix product. */
  readonly blockSize = 48;

  private readonly onDispose: () => void;

  constructor(runtime: Runtime, onDispose: () => void) {
    super();
    this.onDispose = onDispose;
    this.runtime = runtime;
    this.heap = runtime.heap;
    this.data = new tf.DataStorage<TensorData>(this, tf.engine());
  }

  /** True for a backend of this class, also when another copy of the package made it. */
  static isInstance(backend: unknown): backend is OnnxBackend {
    return typeof backend === 'object' && backend !== null && marker in backend;
  }

  // Storage, as tfjs asks for it.

  override write(values: tf.BackendValues, _shape: number[], dtype: tf.DataType): tf.DataId {
    const dataId = {};
    this.store(dataId, values, dtype, 1);
    return dataId;
  }

  override move(
    dataId: tf.DataId,
    values: tf.BackendValues,
    _shape: number[],
    dtype: tf.DataType,
    refCount: number,
  ): void {
    this.store(dataId, values, dtype, refCount);
  }

  override async read(dataId: tf.DataId): Promise<tf.BackendValues> {
    return this.readSync(dataId);
  }

  override readSync(dataId: tf.DataId): tf.BackendValues {
    const data = this.data.get(dataId);
    if (data.complexTensorInfos !== undefined) {
      const real = this.readSync(data.complexTensorInfos.real.dataId) as Float32Array;
      const imaginary = this.readSync(data.complexTensorInfos.imag.dataId) as Float32Array;
      return tf.backend_util.mergeRealAndImagArrays(real, imaginary);
    }
    if (data.inHeap) return (data.values as Float32Array).slice();
    return tf.util.convertBackendValuesAndArrayBuffer(data.values, data.dtype);
  }

  override disposeData(dataId: tf.DataId, force = false): boolean {
    if (!this.data.has(dataId)) return true;
    const data = this.data.get(dataId);
    data.refCount -= 1;
    if (!force && data.refCount > 0) return false;
    if (data.complexTensorInfos !== undefined) {
      this.disposeData(data.complexTensorInfos.real.dataId, true);
      this.disposeData(data.complexTensorInfos.imag.dataId, true);
    }
    data.free();
    this.data.delete(dataId);
    return true;
  }

  override refCount(dataId: tf.DataId): number {
    return this.data.has(dataId) ? this.data.get(dataId).refCount : 0;
  }

  override incRef(dataId: tf.DataId): void {
    this.data.get(dataId).refCount += 1;
  }

  override numDataIds(): number {
    return this.data.numDataIds();
  }

  override timerAvailable(): boolean {
    return true;
  }

  override async time(run: () => void): Promise<tf.BackendTimingInfo> {
    const start = performance.now();
    run();
    return { kernelMs: performance.now() - start };
  }

  /** Bytes in the tensor memory: in use, the most ever used, and the bound. */
  override memory(): { unreliable: boolean; heapBytesInUse: number; heapBytesTouched: number; heapBytesLimit: number } {
    const { used, touched, capacity } = this.heap;
    return { unreliable: false, heapBytesInUse: used, heapBytesTouched: touched, heapBytesLimit: capacity };
  }

  override floatPrecision(): 16 | 32 {
    return 32;
  }

  override dispose(): void {
    this.onDispose();
    this.runtime.release();
  }

  // The rest of the cpu backend's surface, for its kernels.

  decRef(dataId: tf.DataId): void {
    if (this.data.has(dataId)) this.data.get(dataId).refCount -= 1;
  }

  makeTensorInfo(shape: number[], dtype: tf.DataType, values?: tf.BackendValues | string[]): tf.TensorInfo {
    const encoded =
      dtype === 'string' && values !== undefined && typeof values[0] === 'string'
        ? (values as string[]).map((text) => tf.util.encodeString(text))
        : values;
    return { dataId: this.write(encoded as tf.BackendValues, shape, dtype), shape, dtype };
  }

  disposeIntermediateTensorInfo(info: tf.TensorInfo): void {
    this.disposeData(info.dataId);
  }

  bufferSync(info: tf.TensorInfo): tf.TensorBuffer<tf.Rank, tf.DataType> {
    const values = this.readSync(info.dataId);
    if (info.dtype === 'string') {
      const texts = (values as Uint8Array[]).map((bytes) => tf.util.decodeString(bytes));
      return tf.buffer(info.shape, 'string', texts as unknown as tf.DataTypeMap['string']) as tf.TensorBuffer<
        tf.Rank,
        'string'
      >;
    }
    return tf.buffer(info.shape, info.dtype, values as Float32Array);
  }

  makeOutput(values: tf.BackendValues, shape: number[], dtype: tf.DataType): tf.Tensor {
    return tf.engine().makeTensorFromTensorInfo(this.makeTensorInfo(shape, dtype, values), this);
  }

  where(condition: tf.Tensor): tf.Tensor2D {
    return tf.kernel_impls.whereImpl(condition.shape, this.readSync(condition.dataId) as Uint8Array);
  }

  // For the native kernels.

  /** A new tensor in the heap, its elements still to be written. */
  reserve(shape: readonly number[], dtype: 'float32' | 'int32' | 'bool'): tf.TensorInfo {
    const dataId = {};
    const data = new TensorData(this.heap, dtype, 1);
    data.reserve(shape, tf.util.sizeFromShape(shape as number[]));
    this.data.set(dataId, data);
    return { dataId, shape: shape as number[], dtype };
  }

  /** Offset of a tensor's elements in the heap. */
  pointer(info: tf.TensorInfo): number {
    return this.data.get(info.dataId).pointer(info.shape);
  }

  /** A tensor as a model's input or output, under another shape of the same size if one is given. */
  operand(info: tf.TensorInfo, shape: readonly number[] = info.shape): Operand {
    return { pointer: this.pointer(info), shape, type: elementTypes[info.dtype] as ElementType };
  }

  /** Another tensor over the same elements. */
  alias(info: tf.TensorInfo, shape: readonly number[] = info.shape): tf.TensorInfo {
    this.incRef(info.dataId);
    return { dataId: info.dataId, shape: shape as number[], dtype: info.dtype };
  }

  /** Runs an ONNX model; see `Sessions.run`. */
  run(key: string, model: () => Model, inputs: readonly Operand[], outputs: readonly Operand[]): void {
    this.runtime.sessions.run(key, model, inputs, outputs);
  }

  /** The same on this thread alone. */
  runAlone(key: string, model: () => Model, inputs: readonly Operand[], outputs: readonly Operand[]): void {
    this.runtime.alone.run(key, model, inputs, outputs);
  }

  /** A WebAssembly kernel by the name that the C sources export. */
  kernel(name: string): Kernel {
    let kernel = this.kernels.get(name);
    if (kernel === undefined) {
      kernel = this.runtime.kernel(name);
      this.kernels.set(name, kernel);
    }
    return kernel;
  }

  /** Integers for a WebAssembly kernel; valid until the next call. */
  integers(values: readonly number[]): number {
    return this.runtime.integers(values);
  }

  /** Floats for a WebAssembly kernel; valid until the next call. */
  numbers(values: readonly number[]): number {
    return this.runtime.numbers(values);
  }

  /** Does work in parts on all threads; see `Threads.run`. */
  inParts(scratchBytes: number, purpose: string, write: (work: Work) => void): void {
    this.runtime.workers.run(scratchBytes, purpose, write);
  }

  /** Lends `bytes` of the heap to `use`. */
  scratch<T>(bytes: number, purpose: string, use: (pointer: number) => T): T {
    const pointer = this.heap.allocate(bytes, purpose);
    try {
      return use(pointer);
    } finally {
      this.heap.free(pointer, bytes);
    }
  }

  /** A float operand in memory lent by `scratch`. */
  floats(pointer: number, shape: readonly number[]): Operand {
    return { pointer, shape, type: FLOAT };
  }

  private store(dataId: tf.DataId, values: tf.BackendValues, dtype: tf.DataType, refCount: number): void {
    const data = new TensorData(this.heap, dtype, refCount);
    data.values = values;
    this.data.set(dataId, data);
  }
}

export function isNativeType(info: tf.TensorInfo): boolean {
  return isHeapType(info.dtype);
}
