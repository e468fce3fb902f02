// The choice of a backend in a real page: WebGPU and WebGL in software, wasm, and the preflight on each, on the backends' own kernels.
import * as tf from '@tensorflow/tfjs';
import wasm from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import wasmSimd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import wasmThreaded from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { BackendName } from './backend-name.ts';
import { formatBackendReport } from './check/report.ts';
import { selectBackend } from './select-backend.ts';

const wasmPaths = {
  'tfjs-backend-wasm.wasm': wasm,
  'tfjs-backend-wasm-simd.wasm': wasmSimd,
  'tfjs-backend-wasm-threaded-simd.wasm': wasmThreaded,
};

beforeAll(() => {
  // Small tensors would never reach the GPU.
  tf.env().set('WEBGL_CPU_FORWARD', false);
});

afterEach(() => {
  vi.restoreAllMocks();
});

describe('selectBackend in a page', () => {
  it.each<BackendName>(['webgpu', 'webgl', 'wasm', 'cpu'])('%s passes the preflight', async (name) => {
    const prefer = { prefer: name, fallback: false, wasmPaths };
    await selectBackend(prefer);
    // This flag exists once the backend's package is loaded.
    if (name === 'webgpu') tf.env().set('WEBGPU_CPU_FORWARD', false);
    const { backend, report } = await selectBackend({ ...prefer, check: true });
    expect(backend).toBe(name);
    expect(report, report && formatBackendReport(report)).toMatchObject({
      fit: true,
      floatBits: 32,
      missingKernels: [],
    });
  });

  it('takes webgpu first, and webgl where the adapter test fails', async () => {
    expect(await selectBackend({ wasmPaths })).toMatchObject({ backend: 'webgpu', tried: [] });
    const { gpu } = navigator as unknown as { gpu: { requestAdapter(): Promise<object | null> } };
    vi.spyOn(gpu, 'requestAdapter').mockResolvedValue(null);
    const { backend, tried } = await selectBackend({ wasmPaths });
    expect(backend).toBe('webgl');
    expect(tried).toEqual([{ name: 'webgpu', refused: expect.stringContaining('present but has no adapter') }]);
  });

  it('passes over webgl on a device that has 16-bit floats only', async () => {
    const { WEBGL_RENDER_FLOAT32_ENABLED: enabled } = { ...tf.env().features };
    tf.env().set('WEBGL_RENDER_FLOAT32_ENABLED', false);
    try {
      const { backend, tried } = await selectBackend({ prefer: ['webgl', 'wasm'], wasmPaths });
      expect(backend).toBe('wasm');
      expect(tried).toEqual([{ name: 'webgl', refused: expect.stringContaining('16-bit floats only') }]);
    } finally {
      tf.env().set('WEBGL_RENDER_FLOAT32_ENABLED', enabled ?? true);
    }
  });

  it('knows nothing of the backends of Node', async () => {
    await expect(selectBackend({ prefer: 'onnx' })).rejects.toThrow("There is no backend in a browser named 'onnx'");
  });
});
