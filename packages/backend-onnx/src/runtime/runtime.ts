/** Everything native, opened once per thread: library, environment, memory, sessions, WebAssembly kernels. */

import { createHeap, type Heap, reserveMemory } from '../memory/heap.ts';
import { FLOAT } from '../onnx/model.ts';
import type { OnnxBackendOptions } from '../options.ts';
import { createThreads, type Threads } from '../threads/threads.ts';
import { instantiateKernels, type Kernel } from '../wasm/kernels.ts';
import { openApi } from './api.ts';
import { createArguments } from './arguments.ts';
import { createEnvironment, withSessionThreads } from './environment.ts';
import { openLibrary } from './library.ts';
import { createSessions, type Sessions } from './sessions.ts';

export interface Runtime {
  heap: Heap;
  sessions: Sessions;
  /** Sessions that run on the calling thread alone: other threads sleep between calls, and waking them takes longer than small work. */
  alone: Sessions;
  kernel(name: string): Kernel;
  /** Work in parts, for as many threads as there are. */
  workers: Threads;
  /** Writes 32-bit integers where kernels can read them, until the next call; returns their offset. */
  integers(values: readonly number[]): number;
  /** The same for 32-bit floats, in an area of their own. */
  numbers(values: readonly number[]): number;
  versions: { onnxRuntime: string; koffi: string };
  libraryPath: string;
  threads: number;
  sharedThreads: boolean;
  /** Gives the memory back; the runtime waits for the next backend, since opening one is dear and its memory cannot be unreserved. */
  release(): void;
}

const idleRuntimes: { key: string; runtime: Runtime; setInUse: (inUse: () => string) => void }[] = [];

const PARAMETER_BYTES = 65536;

/**
 * @param inUse says what holds the memory, for the out-of-memory error
 * @throws OnnxBackendError saying what is missing or refused.
 */
export function openRuntime(options: Required<OnnxBackendOptions>, inUse: () => string): Runtime {
  const key = JSON.stringify([options.memoryMegabytes, options.threads]);
  const index = idleRuntimes.findIndex((idle) => idle.key === key);
  const [idle] = index < 0 ? [] : idleRuntimes.splice(index, 1);
  if (idle !== undefined) {
    idle.setInUse(inUse);
    return idle.runtime;
  }
  let describeUse = inUse;
  const library = openLibrary();
  const api = openApi(library);
  const memory = reserveMemory(options.memoryMegabytes);
  const wasm = instantiateKernels(memory);
  const heap = createHeap(memory, wasm.firstFreeByte, () => describeUse());
  const base = library.addressOf(heap.buffer);
  const args = createArguments(heap, base);
  const shared = createEnvironment(api, args, options.threads);

  let environment = shared;
  let sessions = createSessions(api, args, heap, base, environment);
  if (!worksWith(sessions, heap)) {
    environment = withSessionThreads(api, args, shared, options.threads);
    sessions = createSessions(api, args, heap, base, environment);
  }

  const { addresses, createTensorWithData, run, releaseValue, getErrorMessage, releaseStatus } = api;
  const { inputNames, outputNames } = sessions;
  // A part runs on its thread alone.
  const alone = createSessions(api, args, heap, base, withSessionThreads(api, args, shared, 1));
  const workers = createThreads({
    ...{ heap, memory, module: wasm.module, kernels: wasm.all, base, inputNames, outputNames },
    native: { createTensorWithData, run, releaseValue, getErrorMessage, releaseStatus },
    functions: addresses,
    memoryInfo: shared.memoryInfo,
    libraryPath: library.path,
    writer: { kernelNumber: wasm.number, sessionFor: alone.prepare },
    threads: options.threads,
  });

  const integerArea = heap.allocate(PARAMETER_BYTES, 'the area for kernel parameters');
  const integerView = new Int32Array(heap.buffer, integerArea, PARAMETER_BYTES / 4);
  const numberArea = heap.allocate(PARAMETER_BYTES, 'the area for kernel parameters');
  const numberView = new Float32Array(heap.buffer, numberArea, PARAMETER_BYTES / 4);
  heap.keepAllocated();
  const runtime: Runtime = {
    heap,
    sessions,
    alone,
    kernel: wasm.kernel,
    workers,
    integers(values) {
      integerView.set(values);
      return integerArea;
    },
    numbers(values) {
      numberView.set(values);
      return numberArea;
    },
    versions: { onnxRuntime: api.version, koffi: library.koffiVersion },
    libraryPath: library.path,
    threads: options.threads,
    sharedThreads: environment.sharedThreads,
    release() {
      heap.clear();
      idleRuntimes.push({
        key,
        runtime,
        setInUse: (next) => {
          describeUse = next;
        },
      });
    },
  };
  return runtime;
}

/** Whether a session can be made at all with the process's environment as somebody may have left it. */
function worksWith(sessions: Sessions, heap: Heap): boolean {
  const bytes = 2 * Float32Array.BYTES_PER_ELEMENT;
  const pointer = heap.allocate(2 * bytes, 'the probe');
  try {
    const view = new Float32Array(heap.buffer, pointer, 4);
    view.set([1, -2]);
    sessions.run(
      'Neg',
      () => ({ inputs: [FLOAT], outputs: [FLOAT], nodes: [{ operator: 'Neg', inputs: ['i0'], outputs: ['o0'] }] }),
      [{ pointer, shape: [2], type: FLOAT }],
      [{ pointer: pointer + bytes, shape: [2], type: FLOAT }],
    );
    return view[2] === -1 && view[3] === 2;
  } catch {
    return false;
  } finally {
    heap.free(pointer, 2 * bytes);
  }
}
