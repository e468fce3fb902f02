/**
 * What every thread does with work, as JavaScript text: a worker must get it without a file (the package may be bundled, or run
 * from TypeScript), and the thread that hands work out does the same with it.
 *
 * Work is a block of doubles: offset of the scratch memory, its bytes per thread, offset of the integers, then where each part
 * starts. A part is a row of instructions up to a 0:
 *
 *     1, number of the kernel, count of arguments, then two doubles per argument
 *     2, session, count of inputs, count of outputs, then six doubles per operand:
 *        offset (two doubles), bytes, element type, rank, offset of the shape among the integers
 *
 * Arguments and offsets are a number and what it counts from: 0 nothing, 1 the thread's scratch memory, 2 the integers.
 *
 * `LEFT` holds how many parts nobody has taken yet. Who lowers it by one has the part of that number, of whatever work is the current
 * one: what the work is made of is read only then, and stays until the part is done.
 */

import type { OrtApi } from '../runtime/api.ts';
import type { Kernel } from '../wasm/kernels.ts';

/** Places of the control words: parts left, parts done, whether one failed, offset of the work, helpers that have started. */
export const [LEFT, DONE, FAILED, WORK, STARTED, CONTROL_WORDS] = [0, 1, 2, 3, 4, 5];
/** Of one session. */
const MAXIMUM_OPERANDS = 256;
/** Bytes that a thread needs for handles of operands. */
export const OPERAND_BYTES = 8 * (MAXIMUM_OPERANDS + 1);

/** What a thread works with. Offsets are in the memory, addresses are native. */
export interface InterpreterSetup {
  memory: WebAssembly.Memory;
  kernels: readonly Kernel[];
  native: Pick<OrtApi, 'createTensorWithData' | 'run' | 'releaseValue' | 'getErrorMessage' | 'releaseStatus'>;
  /** Address of the memory's first byte. */
  base: number;
  inputNames: number;
  outputNames: number;
  memoryInfo: number;
  /** Offset of the control words, which all threads share. */
  control: number;
  /** Offset of the thread's own bytes for handles of operands. */
  operands: number;
}

/** Takes parts until none is left; `thread` says whose scratch memory to use. Calls `failed` with what goes wrong. */
export type TakeParts = (thread: number, failed: (error: unknown) => void) => void;

export const interpreterSource = `((setup) => {
  'use strict';
  const { memory, kernels, native, base, inputNames, outputNames, memoryInfo, control, operands } = setup;
  const words = new Int32Array(memory.buffer, control, ${CONTROL_WORDS});
  const doubles = new Float64Array(memory.buffer);
  const halves = new Uint32Array(memory.buffer);
  const LEFT = ${LEFT}, DONE = ${DONE}, FAILED = ${FAILED}, WORK = ${WORK};
  // Handles of the operands, and last the word that a new handle is written to.
  const handles = operands / 4, handle = operands + 8 * ${MAXIMUM_OPERANDS}, slot = handle / 4;
  const check = (status) => {
    if (status === 0) return;
    const message = native.getErrorMessage(status);
    native.releaseStatus(status);
    throw new Error(message);
  };
  const runSession = (at, bases) => {
    const session = doubles[at + 1], inputs = doubles[at + 2], outputs = doubles[at + 3], count = inputs + outputs;
    let wrapped = 0;
    try {
      for (at += 4; wrapped < count; wrapped++, at += 6) {
        halves[slot] = halves[slot + 1] = 0;
        check(native.createTensorWithData(memoryInfo, base + doubles[at] + bases[doubles[at + 1]], doubles[at + 2],
          base + bases[2] + doubles[at + 5], doubles[at + 4], doubles[at + 3], base + handle));
        halves[handles + 2 * wrapped] = halves[slot];
        halves[handles + 2 * wrapped + 1] = halves[slot + 1];
      }
      check(native.run(session, 0, inputNames, base + operands, inputs, outputNames, outputs, base + operands + 8 * inputs));
    } finally {
      for (let i = handles; i < handles + 2 * wrapped; i += 2) native.releaseValue(halves[i] + halves[i + 1] * 4294967296);
    }
    return at;
  };
  const runPart = (at, bases) => {
    for (;;) {
      const instruction = doubles[at];
      if (instruction === 0) return;
      if (instruction === 2) {
        at = runSession(at, bases);
        continue;
      }
      const kernel = kernels[doubles[at + 1]], end = at + 3 + 2 * doubles[at + 2], given = [];
      for (at += 3; at < end; at += 2) given.push(doubles[at] + bases[doubles[at + 1]]);
      kernel(...given);
    }
  };
  /** Takes parts until none is left; \`index\` is the thread's. Calls \`failed\` with what goes wrong. */
  const takeParts = (index, failed) => {
    for (;;) {
      const left = Atomics.load(words, LEFT);
      if (left === 0) return;
      if (Atomics.compareExchange(words, LEFT, left, left - 1) !== left) continue;
      const work = words[WORK] >>> 3;
      try {
        runPart(doubles[work + 2 + left], [0, doubles[work] + index * doubles[work + 1], doubles[work + 2]]);
      } catch (error) {
        failed(error);
        Atomics.store(words, FAILED, 1);
      }
      Atomics.add(words, DONE, 1);
      Atomics.notify(words, DONE);
    }
  };
  return takeParts;
})`;
