/**
 * Threads of our own beside ONNX Runtime's: workers with their own instance of the kernels over the same memory. They take whole parts
 * of an operation, so that what a part writes is still in its processor's cache when the part reads it again.
 */

import { createRequire } from 'node:module';
import { runInThisContext } from 'node:vm';
import { isMainThread, MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { OnnxBackendError } from '../errors.ts';
import type { Heap } from '../memory/heap.ts';
import {
  CONTROL_WORDS,
  DONE,
  FAILED,
  type InterpreterSetup,
  interpreterSource,
  LEFT,
  OPERAND_BYTES,
  STARTED,
  type TakeParts,
  WORK,
} from './interpreter.ts';
import { Work, type Writer } from './work.ts';

/** C stack of a helper's kernels. */
const STACK_BYTES = 65536;
/** The thread that hands work out asks so many times whether the others have ended their parts before it sleeps until they have. */
const QUESTIONS = 20_000;
/** At most so long at a time. */
const SLEEP_MILLISECONDS = 10;
const LONGEST_START_MILLISECONDS = 5000;

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
  /** Threads that have been started, beside the one that hands work out. */
  readonly helpers: number;
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
    words[WORK] = pointer;
    Atomics.store(words, FAILED, 0);
    Atomics.store(words, DONE, 0);
    Atomics.store(words, LEFT, parts);
    if (helpers.length > 0 && parts > 1) {
      if (!started) {
        started = true;
        for (const helper of helpers) startHelper(setup, control, helper);
        // A thread that is stopped while it loads koffi takes the process with it. This one, if it is a worker, may be stopped unasked.
        if (isMainThread) process.once('exit', () => awaitStart(words, helpers.length));
        else awaitStart(words, helpers.length);
      }
      Atomics.notify(words, LEFT);
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
    // All of them, or one would be told as the reason of a later failure.
    for (const { failures } of helpers) {
      for (let told = receiveMessageOnPort(failures.port1); told; told = receiveMessageOnPort(failures.port1)) {
        cause ??= told.message;
      }
    }
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new OnnxBackendError(`ONNX Runtime failed to compute ${purpose}: ${reason}`, { cause });
  };

  return {
    get helpers() {
      return Atomics.load(words, STARTED);
    },
    run(scratchBytes, purpose, write) {
      const work = new Work(writer);
      write(work);
      const parts = work.starts.length;
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

/** Waits until so many helpers have started, or failed to, but not for ever. */
function awaitStart(words: Int32Array, helpers: number): void {
  const end = performance.now() + LONGEST_START_MILLISECONDS;
  for (;;) {
    const started = Atomics.load(words, STARTED);
    const left = end - performance.now();
    if (started >= helpers || left <= 0) return;
    Atomics.wait(words, STARTED, started, left);
  }
}

/** While a helper is not there, the other threads do the parts. */
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
  worker.on('error', (error) => {
    process.emitWarning(`A thread of the onnx backend did not start, so it has one less: ${error.message}`);
  });
  worker.unref();
}

/** koffi prepares its calls when a library is loaded; functions called by their address before that crash the process. */
const helperSource = `
const { workerData } = require('node:worker_threads');
const { memory, module: compiled, functions, koffi: path, library, stack, thread, control, failures } = workerData;
const words = new Int32Array(memory.buffer, control, ${CONTROL_WORDS});
let takeParts;
try {
  const koffi = require(path);
  koffi.load(library);
  const native = {};
  for (const [name, [address, signature]] of Object.entries(functions))
    native[name] = koffi.decode(BigInt(address), koffi.proto(signature.replace('(', name + '(')));
  const { exports: own } = new WebAssembly.Instance(compiled, { env: { memory } });
  own.__stack_pointer.value = stack;
  const kernels = WebAssembly.Module.exports(compiled).filter(({ kind }) => kind === 'function').map(({ name }) => own[name]);
  takeParts = ${interpreterSource}({ ...workerData, kernels, native });
} finally {
  Atomics.add(words, ${STARTED}, 1);
  Atomics.notify(words, ${STARTED});
}
for (;;) {
  Atomics.wait(words, ${LEFT}, 0);
  takeParts(thread, (error) => failures.postMessage(error));
}
`;
