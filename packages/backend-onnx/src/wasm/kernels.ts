/** The WebAssembly kernels (C sources in `wasm/`), working on the same memory as ONNX Runtime. */

import { kernelsBinary } from './kernels-binary.ts';

/** A kernel: offsets into the memory, counts and plain numbers. */
export type Kernel = (...values: number[]) => void;

export interface WasmKernels {
  /** The kernel exported by the C sources under `name`. */
  kernel(name: string): Kernel;
  /** First byte of the memory that the kernels' own data and stack leave free. */
  firstFreeByte: number;
}

export function instantiateKernels(memory: WebAssembly.Memory): WasmKernels {
  const module = new WebAssembly.Module(Buffer.from(kernelsBinary, 'base64'));
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const heapBase = exports['__heap_base'] as WebAssembly.Global;
  return {
    kernel(name) {
      const found = exports[name];
      if (typeof found !== 'function')
        throw new Error(`The WebAssembly module has no kernel ${name}; run: node wasm/build.mjs`);
      return found as Kernel;
    },
    firstFreeByte: heapBase.value as number,
  };
}
