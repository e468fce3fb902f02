/**
 * Threads of our own beside ONNX Runtime's: workers with their own instance of the kernels over the same memory. They take whole parts
 * of an operation, so that what a part writes is still in its processor's cache when the part reads it again.
 */

import { createRequire } from 'node:module';
import { runInThisContext } from 'node:vm';
import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { OnnxBackendError } from '../errors.ts';
import type { Heap } from '../memory/heap.ts';
import {
  CONTROL_WORDS,
  DONE,
  FAILED,
  type InterpreterSetup,
  interpreterSource,
  MOST_PARTS,
  OPERAND_BYTES,
  type TakeParts,
  TICKET,
  WORK,
} from './interpreter.ts';
import { Work, type Writer } from './work.ts';

/** C stack of a helper's kernels. */
const STACK_BYTES = 65536;
/** The thread that hands work out asks so many times whether the others have ended their parts before it sleeps until they have. */
const QUESTIONS = 20_000;
/** At most so long at a time. */
const SLEEP_MILLISECONDS = 10;

export interface ThreadsSetup extends Omit<InterpreterSetup, 'control' | 'operands'> {
  heap: Heap;
  module: WebAssembly.Module;
  /** Native addresses of the functions in `native`, with their C prototypes. */
  functions: Record<keyof InterpreterSetup['native'], readonly [address: number, signature: string]>;
  writer: Writer;
  libraryPath: string;
  /** With this one. */
  threads: number;
}

export interface Threads {
  /**
   * Does the parts that `write` adds, on as many threads as there are. `scratchBytes` is what a part may use while it runs; `purpose`
   * is what errors name.
   */
  run(scratchBytes: number, purpose: string, write: (work: Work) => void): void;
}

export function createThreads(setup: ThreadsSetup): Threads {
  const { heap, memory, writer } = setup;
  const control = heap.allocate(4 * CONTROL_WORDS, 'control words of threads');
  const words = new Int32Array(memory.buffer, control, CONTROL_WORDS);
  words.fill(0);
  const doubles = new Float64Array(memory.buffer);
  const integers = new Int32Array(memory.buffer);
  const interpreter = runInThisContext(interpreterSource) as (setup: InterpreterSetup) => TakeParts;
  const operands = heap.allocate(OPERAND_BYTES, 'operands of a thread');
  const takeParts = interpreter({ ...setup, control, operands });
  // Reserved now, since what is reserved later goes with the backend.
  const helpers = Array.from({ length: setup.threads - 1 }, (_, index) => ({
    thread: index + 1,
    operands: heap.allocate(OPERAND_BYTES, 'operands of a thread'),
    failures: new MessageChannel(),
    stack: heap.allocate(STACK_BYTES, 'the stack of a thread') + STACK_BYTES,
  }));
  let started = false;
  let number = 0;

  const place = (work: Work, pointer: number, scratch: number, scratchBytes: number): void => {
    const header = pointer / 8;
    const first = header + 3 + work.starts.length;
    const integersAt = 8 * (first + work.instructions.length);
    doubles[header] = scratch;
    doubles[header + 1] = scratchBytes;
    doubles[header + 2] = integersAt;
    work.starts.forEach((start, index) => {
      doubles[header + 3 + index] = first + start;
    });
    doubles.set(work.instructions, first);
    integers.set(work.integers, integersAt / 4);
  };

  const execute = (work: Work, pointer: number, purpose: string): void => {
    const parts = work.starts.length;
    number = (number + 1) & 0x7fff;
    words[WORK] = pointer;
    Atomics.store(words, FAILED, 0);
    Atomics.store(words, DONE, 0);
    Atomics.store(words, TICKET, number * (MOST_PARTS + 1) + parts);
    if (helpers.length > 0 && parts > 1) {
      if (!started) {
        started = true;
        for (const helper of helpers) startHelper(setup, control, helper);
      }
      Atomics.notify(words, TICKET);
    }
    let cause: unknown;
    takeParts(0, (error) => {
      cause ??= error;
    });
    for (let questions = 0; ; questions++) {
      const done = Atomics.load(words, DONE);
      if (done === parts) break;
      if (questions > QUESTIONS) Atomics.wait(words, DONE, done, SLEEP_MILLISECONDS);
    }
    if (words[FAILED] === 0) return;
    for (const { failures } of helpers) cause ??= receiveMessageOnPort(failures.port1)?.message;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new OnnxBackendError(`ONNX Runtime failed to compute ${purpose}: ${reason}`, { cause });
  };

  return {
    run(scratchBytes, purpose, write) {
      const work = new Work(writer);
      write(work);
      const parts = work.starts.length;
      if (parts > MOST_PARTS) throw new OnnxBackendError(`${purpose} has ${parts} parts, more than ${MOST_PARTS}.`);
      const perThread = Math.ceil(scratchBytes / 64) * 64;
      const bytes = 8 * (3 + parts + work.instructions.length) + 4 * work.integers.length;
      const scratchTotal = perThread * setup.threads;
      const pointer = heap.allocate(bytes, purpose);
      try {
        const scratch = heap.allocate(scratchTotal, purpose);
        try {
          place(work, pointer, scratch, perThread);
          execute(work, pointer, purpose);
        } finally {
          heap.free(scratch, scratchTotal);
        }
      } finally {
        heap.free(pointer, bytes);
      }
    },
  };
}

/** A helper does its best: while it is not there, the other threads do the parts. */
function startHelper(
  setup: ThreadsSetup,
  control: number,
  { thread, operands, stack, failures }: { thread: number; operands: number; stack: number; failures: MessageChannel },
): void {
  const { memory, module, functions, base, inputNames, outputNames, memoryInfo } = setup;
  const worker = new Worker(helperSource, {
    eval: true,
    name: `tensor operations ${thread}`,
    execArgv: [],
    workerData: {
      ...{ memory, module, functions, base, inputNames, outputNames, memoryInfo, control },
      ...{ thread, operands, stack, failures: failures.port2 },
      library: setup.libraryPath,
      koffi: createRequire(import.meta.url).resolve('koffi'),
    },
    transferList: [failures.port2],
  });
  worker.on('error', () => {});
  worker.unref();
}

const helperSource = `
const { workerData } = require('node:worker_threads');
const { memory, module: compiled, functions, koffi: path, library, stack, thread, control, failures } = workerData;
const koffi = require(path);
koffi.load(library);
const native = {};
for (const [name, [address, signature]] of Object.entries(functions))
  native[name] = koffi.decode(BigInt(address), koffi.proto(signature.replace('(', name + '(')));
const { exports: own } = new WebAssembly.Instance(compiled, { env: { memory } });
own.__stack_pointer.value = stack;
const kernels = WebAssembly.Module.exports(compiled).filter(({ kind }) => kind === 'function').map(({ name }) => own[name]);
const takeParts = ${interpreterSource}({ ...workerData, kernels, native });
const words = new Int32Array(memory.buffer, control, ${CONTROL_WORDS});
for (;;) {
  const ticket = Atomics.load(words, ${TICKET});
  if ((ticket & ${MOST_PARTS}) === 0) Atomics.wait(words, ${TICKET}, ticket);
  else takeParts(thread, (error) => failures.postMessage(error));
}
`;
