/** The WebAssembly kernels (C sources in `wasm/`), working on the same memory as ONNX Runtime. */

import { kernelsBinary } from './kernels-binary.ts';

/** A kernel: offsets into the memory, counts and plain numbers. */
export type Kernel = (...values: number[]) => void;

export interface WasmKernels {
  /** The kernel exported by the C sources under `name`. */
  kernel(name: string): Kernel;
  /** All of them, in the order of the module's exports; so another instance has them too. */
  all: readonly Kernel[];
  /** A kernel's place in `all`. */
  number(name: string): number;
  module: WebAssembly.Module;
  /** First byte of the memory that the kernels' own data and stack leave free. */
  firstFreeByte: number;
}

export function instantiateKernels(memory: WebAssembly.Memory): WasmKernels {
  const module = new WebAssembly.Module(Buffer.from(kernelsBinary, 'base64'));
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const names = WebAssembly.Module.exports(module)
    .filter(({ kind }) => kind === 'function')
    .map(({ name }) => name);
  const numbers = new Map(names.map((name, index) => [name, index]));
  const all = names.map((name) => exports[name] as Kernel);
  const number = (name: string): number => {
    const found = numbers.get(name);
    if (found === undefined) throw new Error(`The WebAssembly module has no kernel ${name}; run: node wasm/build.mjs`);
    return found;
  };
  const heapBase = exports['__heap_base'] as WebAssembly.Global;
  return {
    kernel: (name) => all[number(name)] as Kernel,
    all,
    number,
    module,
    firstFreeByte: heapBase.value as number,
  };
}
