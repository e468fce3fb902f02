/** A small fixed area inside the tensor memory through which pointers, shapes and names go to native functions. */

import type { Heap } from '../memory/heap.ts';

const AREA_BYTES = 16384;
export const MAXIMUM_OPERANDS = 256;
const WORD = 8;
const HIGH = 2 ** 32;

export interface Arguments {
  /** Calls `write` with the address of a word and returns what the callee left there. */
  handle(write: (address: number) => void): number;
  /** Address of a NUL-terminated copy of `value`; kept for good, so for constants only. */
  text(value: string): number;
  /** Writes 64-bit numbers at `slot` words into the scratch part; returns their address. */
  words(slot: number, values: readonly number[]): number;
  word(slot: number): number;
  /** Address of the first word at `slot`. */
  address(slot: number): number;
  /** Slots of scratch words. */
  slots: number;
}

/** @param base the native address of the heap's first byte */
export function createArguments(heap: Heap, base: number): Arguments {
  const area = heap.allocate(AREA_BYTES, 'the argument area');
  const view = new Uint32Array(heap.buffer, area, AREA_BYTES / 4);
  const slots = AREA_BYTES / WORD - 1;
  const read = (slot: number): number => (view[2 * slot] ?? 0) + (view[2 * slot + 1] ?? 0) * HIGH;
  return {
    slots,
    handle(write) {
      view[2 * slots] = 0;
      view[2 * slots + 1] = 0;
      write(base + area + slots * WORD);
      return read(slots);
    },
    text(value) {
      const bytes = new TextEncoder().encode(`${value}\0`);
      const pointer = heap.allocate(bytes.length, 'a name');
      new Uint8Array(heap.buffer, pointer, bytes.length).set(bytes);
      return base + pointer;
    },
    words(slot, values) {
      let index = 2 * slot;
      for (const value of values) {
        view[index++] = value;
        view[index++] = value / HIGH;
      }
      return base + area + slot * WORD;
    },
    word: read,
    address: (slot) => base + area + slot * WORD,
  };
}
