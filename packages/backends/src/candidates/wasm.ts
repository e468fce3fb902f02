// The WebAssembly backend: SIMD on one thread in Node, threads in isolated pages.
import type { BackendCandidate, WasmPaths } from '../candidate.ts';

let pathsInUse: WasmPaths | undefined;

export const wasm: BackendCandidate = {
  name: 'wasm',
  registeredName: 'wasm',
  async prepare({ wasmPaths }) {
    const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
    // The package refuses a second call once it is running; selecting it again with the same paths must go well.
    if (wasmPaths !== undefined && wasmPaths !== pathsInUse) {
      setWasmPaths(typeof wasmPaths === 'string' ? wasmPaths : { ...wasmPaths });
      pathsInUse = wasmPaths;
    }
  },
  async whyNotStarted() {
    return 'in a browser, serve the .wasm files of @tensorflow/tfjs-backend-wasm and pass their place as wasmPaths';
  },
};
