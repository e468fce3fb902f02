// The kernels of the backends of a page, over random dtypes and geometries, against their definitions in float64.
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import wasm from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import wasmSimd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import wasmThreaded from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import '@tensorflow/tfjs-backend-webgpu';
import '@gankit/engine/gradients';
import { beforeAll, describe, expect } from 'vitest';
import { compareEveryKernel } from '../kernels/harness/every-kernel.ts';

beforeAll(() => {
  setWasmPaths({
    'tfjs-backend-wasm.wasm': wasm,
    'tfjs-backend-wasm-simd.wasm': wasmSimd,
    'tfjs-backend-wasm-threaded-simd.wasm': wasmThreaded,
  });
  // Nothing is forwarded to the cpu backend.
  tf.env().set('WEBGL_CPU_FORWARD', false);
  tf.env().set('WEBGPU_CPU_FORWARD', false);
});

describe.each([
  ['wasm', 1e-5, 12],
  ['webgl', 1e-4, 6],
  ['webgpu', 1e-4, 6],
] as const)('kernels on %s', (backendName, tolerance, cases) => {
  beforeAll(async () => {
    expect(await tf.setBackend(backendName)).toBe(true);
    await tf.ready();
  });
  compareEveryKernel({ cases, seed: 1, tolerance, guards: backendName === 'wasm' });
});
