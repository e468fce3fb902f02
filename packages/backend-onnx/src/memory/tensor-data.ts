/** What the backend keeps for one tensor: its elements in the heap, or as a JavaScript array until a native kernel asks for them. */

import type * as tf from '@tensorflow/tfjs';
import type { Heap } from './heap.ts';

/** Element types that may live in the heap. */
export type HeapType = 'float32' | 'int32' | 'bool';

export function isHeapType(dtype: string): dtype is HeapType {
  return dtype === 'float32' || dtype === 'int32' || dtype === 'bool';
}

export function byteLength(dtype: HeapType, size: number): number {
  return dtype === 'bool' ? size : 4 * size;
}

/**
 * Has the fields of the data that tfjs's cpu backend keeps, so that its kernels work on ours. Elements in the heap are freed
 * and used again: a view of them must not outlive the kernel that asked for it, and `values` given from outside are copied
 * when they are such a view (cpu kernels may return part of an input).
 */
export class TensorData {
  refCount: number;
  readonly dtype: tf.DataType;
  complexTensorInfos?: { real: tf.TensorInfo; imag: tf.TensorInfo };
  private readonly heap: Heap;
  private host: tf.BackendValues | undefined;
  private block = 0;
  private size = 0;
  private epoch = 0;

  constructor(heap: Heap, dtype: tf.DataType, refCount: number) {
    this.heap = heap;
    this.dtype = dtype;
    this.refCount = refCount;
  }

  /** Elements, for reading during one kernel. */
  get values(): tf.BackendValues {
    return this.block === 0 ? (this.host as tf.BackendValues) : this.view();
  }

  set values(values: tf.BackendValues | undefined) {
    this.free();
    if (ArrayBuffer.isView(values) && values.buffer === this.heap.buffer) {
      this.host = (values as Float32Array).slice();
    } else {
      this.host = values;
    }
  }

  /** True when the elements live in the heap. */
  get inHeap(): boolean {
    return this.block !== 0;
  }

  /** Reserves room for `size` elements, to be written by a kernel. */
  reserve(shape: readonly number[], size: number): number {
    this.size = size;
    this.block = this.heap.allocate(byteLength(this.dtype as HeapType, size), `${this.dtype} [${shape}]`);
    this.epoch = this.heap.epoch;
    this.host = undefined;
    return this.block;
  }

  /** Offset of the elements in the heap, moved there now if they were not. */
  pointer(shape: readonly number[]): number {
    if (this.block === 0) {
      const host = this.host as ArrayLike<number>;
      this.reserve(shape, host.length);
      this.view().set(host);
    }
    return this.block;
  }

  free(): void {
    // A tensor may outlive its backend, whose memory by then serves the next one.
    const current = this.block !== 0 && this.epoch === this.heap.epoch;
    if (current) this.heap.free(this.block, byteLength(this.dtype as HeapType, this.size));
    this.block = 0;
    this.host = undefined;
  }

  private view(): Float32Array | Int32Array | Uint8Array {
    const { buffer } = this.heap;
    if (this.dtype === 'float32') return new Float32Array(buffer, this.block, this.size);
    if (this.dtype === 'int32') return new Int32Array(buffer, this.block, this.size);
    return new Uint8Array(buffer, this.block, this.size);
  }
}
