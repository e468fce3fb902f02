/**
 * The memory of all tensors: one WebAssembly.Memory, reserved at once and never grown (growing would detach every view
 * and move what ONNX Runtime points at). Freed blocks are kept by size class, since fresh pages cost more than the arithmetic.
 */

import { OnnxBackendError } from '../errors.ts';

const PAGE_BYTES = 65536;
const ALIGNMENT = 64;
const CLASSES_PER_OCTAVE = 8;

export interface Heap {
  readonly memory: WebAssembly.Memory;
  readonly buffer: SharedArrayBuffer;
  readonly capacity: number;
  /** Bytes handed out now, rounded up to their size class. */
  readonly used: number;
  /** The most that was ever taken from the reserve. */
  readonly touched: number;
  /** Offset of a block of at least `bytes`, 64-byte aligned. `purpose` is what the error names. */
  allocate(bytes: number, purpose: string): number;
  free(pointer: number, bytes: number): void;
  /** From now on `clear` leaves what is allocated so far. */
  keepAllocated(): void;
  /** Frees everything allocated since `keepAllocated`. */
  clear(): void;
  /** How often `clear` was called: a block from before that must not be freed any more. */
  readonly epoch: number;
}

/** Rounds up to the size class: eight classes to each doubling, so at most an eighth is lost. */
export function sizeClass(bytes: number): number {
  const least = Math.max(ALIGNMENT, Math.ceil(bytes / ALIGNMENT) * ALIGNMENT);
  if (least <= ALIGNMENT * CLASSES_PER_OCTAVE) return least;
  const step = 2 ** (Math.floor(Math.log2(least)) - Math.log2(CLASSES_PER_OCTAVE));
  return Math.ceil(least / step) * step;
}

/** Reserves the memory. Nothing is taken from the system before it is written to. */
export function reserveMemory(megabytes: number): WebAssembly.Memory {
  const pages = (megabytes * 2 ** 20) / PAGE_BYTES;
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  } catch (cause) {
    throw new OnnxBackendError(
      `The system refuses to reserve ${megabytes} MiB for tensors; set memoryMegabytes (or GANKIT_ONNX_MEMORY_MB) lower.`,
      { cause },
    );
  }
}

/** A heap over `memory` from `start` on. `inUse` completes the out-of-memory error with what holds the memory. */
export function createHeap(memory: WebAssembly.Memory, start: number, inUse: () => string): Heap {
  const buffer = memory.buffer as unknown as SharedArrayBuffer;
  const capacity = buffer.byteLength;
  const freeBySize = new Map<number, number[]>();
  /** Merged free regions, in order of address: filled only when the reserve has run out. */
  let regions: { pointer: number; bytes: number }[] = [];
  let top = Math.ceil(start / ALIGNMENT) * ALIGNMENT;
  const first = top;
  let keptTop = top;
  let keptUsed = 0;
  let epoch = 0;
  let used = 0;
  let touched = top;

  const fromRegions = (bytes: number): number => {
    const index = regions.findIndex((region) => region.bytes >= bytes);
    const region = regions[index];
    if (region === undefined) return 0;
    const { pointer } = region;
    region.pointer += bytes;
    region.bytes -= bytes;
    if (region.bytes === 0) regions.splice(index, 1);
    return pointer;
  };

  const mergeFreeBlocks = (): void => {
    const blocks = regions;
    for (const [bytes, pointers] of freeBySize) for (const pointer of pointers) blocks.push({ pointer, bytes });
    freeBySize.clear();
    blocks.sort((a, b) => a.pointer - b.pointer);
    regions = [];
    let last: { pointer: number; bytes: number } | undefined;
    for (const block of blocks) {
      if (last !== undefined && last.pointer + last.bytes === block.pointer) last.bytes += block.bytes;
      else {
        last = block;
        regions.push(block);
      }
    }
    if (last !== undefined && last.pointer + last.bytes === top) {
      top = last.pointer;
      regions.pop();
    }
  };

  const take = (bytes: number): number => {
    const recycled = freeBySize.get(bytes)?.pop();
    if (recycled !== undefined) return recycled;
    const split = fromRegions(bytes);
    if (split !== 0) return split;
    if (top + bytes <= capacity) {
      const pointer = top;
      top += bytes;
      touched = Math.max(touched, top);
      return pointer;
    }
    return 0;
  };

  return {
    memory,
    buffer,
    capacity,
    get used() {
      return used;
    },
    get touched() {
      return touched - first;
    },
    allocate(bytes, purpose) {
      const rounded = sizeClass(bytes);
      let pointer = take(rounded);
      if (pointer === 0) {
        mergeFreeBlocks();
        pointer = take(rounded);
      }
      if (pointer === 0) {
        throw new OnnxBackendError(
          `Out of tensor memory: ${purpose} needs ${megabytes(rounded)}, but ${megabytes(used)} of ${megabytes(capacity)} are in use ` +
            `${inUse()}; dispose tensors (tf.tidy), use smaller batches, or raise memoryMegabytes (GANKIT_ONNX_MEMORY_MB, at most 4096).`,
        );
      }
      used += rounded;
      return pointer;
    },
    free(pointer, bytes) {
      const rounded = sizeClass(bytes);
      used -= rounded;
      const list = freeBySize.get(rounded);
      if (list === undefined) freeBySize.set(rounded, [pointer]);
      else list.push(pointer);
    },
    keepAllocated() {
      keptTop = top;
      keptUsed = used;
      freeBySize.clear();
    },
    get epoch() {
      return epoch;
    },
    clear() {
      epoch += 1;
      top = keptTop;
      used = keptUsed;
      freeBySize.clear();
      regions = [];
    },
  };
}

function megabytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
