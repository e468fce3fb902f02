// The kernels of the backends of a page, over random dtypes and geometries, against their definitions in float64.
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import '@tensorflow/tfjs-backend-webgpu';
import '@gankit/engine/gradients';
import { beforeAll, describe, expect } from 'vitest';
import { compareEveryKernel } from '../kernels/harness/every-kernel.ts';
import { wasmPaths } from './wasm-paths.ts';

beforeAll(() => {
  setWasmPaths(wasmPaths);
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
