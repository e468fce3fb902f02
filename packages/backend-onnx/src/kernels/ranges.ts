/** WebAssembly kernels over ranges of rows, images or elements, on all threads where there is enough to do. */

import type { OnnxBackend } from '../backend.ts';
import type { Pointer } from '../threads/work.ts';

export interface Range {
  first: number;
  count: number;
}

/** `total` in ranges of `length`, but for the last. */
export function rangesOfLength(total: number, length: number): Range[] {
  return Array.from({ length: Math.ceil(total / length) }, (_, index) => ({
    first: index * length,
    count: Math.min(length, total - index * length),
  }));
}

/** `total` in about `pieces` ranges of equal length, a multiple of `multiple`, but for the last. */
export function rangesOf(total: number, pieces: number, multiple = 1): Range[] {
  return rangesOfLength(total, Math.max(1, Math.ceil(total / pieces / multiple)) * multiple);
}

/** Parts for each thread: several, so that one which starts late or is held up does fewer. */
const PARTS_PER_THREAD = 4;

/** Where each part makes a sum of its own, to be added up in the end: with larger ones there is one part for each thread. */
const LARGEST_SUM_BYTES = 2 ** 20;
/** All of these together. */
const MOST_SUM_BYTES = 2 ** 28;

/** Waking another thread takes as long as so many elements. */
const LEAST_ELEMENTS = 1 << 17;
/** And an element read or written as long as so many multiplications in a matrix product. */
const MULTIPLICATIONS_PER_ELEMENT = 16;

/** Parts to divide matrix products into. `sumBytes` is what each part has to keep for sums of its own. */
export function partsFor(backend: OnnxBackend, multiplications: number, sumBytes = 0): number {
  const { threads } = backend.runtime;
  if (threads === 1 || multiplications < LEAST_ELEMENTS * MULTIPLICATIONS_PER_ELEMENT) return 1;
  if (sumBytes <= LARGEST_SUM_BYTES) return PARTS_PER_THREAD * threads;
  return Math.max(1, Math.min(threads, Math.floor(MOST_SUM_BYTES / sumBytes)));
}

export interface InRanges {
  /** What is to be divided: rows, images, channels, elements. */
  total: number;
  /** Elements that the kernel reads and writes for all of it. */
  elements: number;
  /** Ranges begin at multiples of this. Default 1. */
  multiple?: number;
}

/**
 * Runs a kernel. `values` gives its arguments for a range; `integers` stores 32-bit integers for them. What it computes must not depend
 * on where ranges begin.
 */
export function kernelInRanges(
  backend: OnnxBackend,
  name: string,
  { total, elements, multiple }: InRanges,
  values: (range: Range, integers: (values: readonly number[]) => Pointer) => Pointer[],
): void {
  const { threads } = backend.runtime;
  if (threads === 1 || elements < LEAST_ELEMENTS) {
    const given = values({ first: 0, count: total }, (list) => backend.integers(list));
    backend.kernel(name)(...(given as number[]));
    return;
  }
  backend.inParts(0, name, (work) => {
    for (const range of rangesOf(total, PARTS_PER_THREAD * threads, multiple)) {
      work.part((part) => part.kernel(name, ...values(range, (list) => work.integersFor(list))));
    }
  });
}
