import * as tf from '@tensorflow/tfjs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { selectBackend } from './select-backend.ts';

const missing = (name: string): Promise<never> =>
  Promise.reject(Object.assign(new Error(`Cannot find package '${name}'`), { code: 'ERR_MODULE_NOT_FOUND' }));

afterEach(async () => {
  vi.unstubAllEnvs();
  await tf.setBackend('cpu');
});

describe('selectBackend in Node', () => {
  it('takes wasm when no native package is installed, and says how to get each', async () => {
    const selected = await selectBackend({ importPackage: missing });
    expect(selected).toEqual({
      backend: 'wasm',
      registeredName: 'wasm',
      details: {},
      tried: [
        { name: 'tfjs-node-gpu', refused: "it is not installed; run 'npm i @tensorflow/tfjs-node-gpu'" },
        { name: 'tfjs-node', refused: "it is not installed; run 'npm i @tensorflow/tfjs-node'" },
        { name: 'onnx', refused: "it is not installed; run 'npm i --ignore-scripts @gankit/backend-onnx'" },
      ],
    });
    expect(tf.getBackend()).toBe('wasm');
    const product = tf.matMul(tf.ones([2, 3]), tf.ones([3, 2]));
    expect(Array.from(product.dataSync())).toEqual([3, 3, 3, 3]);
  });

  it('takes the preferred backend first', async () => {
    const selected = await selectBackend({ prefer: 'cpu', importPackage: missing });
    expect(selected).toEqual({ backend: 'cpu', registeredName: 'cpu', details: {}, tried: [] });
    expect(tf.getBackend()).toBe('cpu');
  });

  it('falls through from a preferred backend that is absent, or stops when told to', async () => {
    const selected = await selectBackend({ prefer: ['onnx', 'cpu'], importPackage: missing });
    expect(selected.backend).toBe('cpu');
    expect(selected.tried.map(({ name }) => name)).toEqual(['onnx']);
    await expect(selectBackend({ prefer: 'onnx', fallback: false, importPackage: missing })).rejects.toThrow(
      "No backend could be used (onnx: it is not installed; run 'npm i --ignore-scripts @gankit/backend-onnx')",
    );
  });

  it('gives advice when TensorFlow.js cannot start a backend', async () => {
    const backends = tf.engine().registry;
    const running = backends['wasm'];
    const { factory, priority } = tf.engine().registryFactory['wasm'] ?? {};
    if (factory === undefined || priority === undefined) throw new Error('wasm was selected before');
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    delete backends['wasm'];
    tf.engine().registryFactory['wasm'] = { factory: () => Promise.reject(new Error('404')), priority };
    try {
      const { tried } = await selectBackend({ prefer: ['wasm', 'cpu'], importPackage: missing });
      expect(tried).toEqual([
        { name: 'wasm', refused: expect.stringMatching(/^TensorFlow.js could not start it; .* wasmPaths$/) },
      ]);
      expect(warn).toHaveBeenCalled();
    } finally {
      tf.engine().registryFactory['wasm'] = { factory, priority };
      if (running !== undefined) backends['wasm'] = running;
      warn.mockRestore();
    }
  });

  it('asks the native backend why it cannot start', async () => {
    const reason = 'This processor lacks AVX2; use wasm.';
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const broken = async (name: string): Promise<unknown> => {
      if (name !== '@gankit/backend-onnx') return missing(name);
      const start = () => Promise.reject(new Error('native'));
      if (tf.findBackendFactory('onnx') === null) tf.registerBackend('onnx', start, 3);
      return { availability: () => ({ available: false, reason }) };
    };
    const { tried } = await selectBackend({ prefer: ['onnx', 'cpu'], importPackage: broken });
    expect(tried).toEqual([{ name: 'onnx', refused: `TensorFlow.js could not start it; ${reason}` }]);
    tf.removeBackend('onnx');
    warn.mockRestore();
  });

  it('reads GANKIT_BACKEND unless told otherwise', async () => {
    vi.stubEnv('GANKIT_BACKEND', 'cpu');
    expect((await selectBackend({ importPackage: missing })).backend).toBe('cpu');
    expect((await selectBackend({ prefer: 'wasm', importPackage: missing })).backend).toBe('wasm');
    vi.stubEnv('GANKIT_BACKEND', 'onnx, cpu');
    expect((await selectBackend({ importPackage: missing })).backend).toBe('cpu');
    vi.stubEnv('GANKIT_BACKEND', 'wsam');
    await expect(selectBackend({ importPackage: missing })).rejects.toThrow("did you mean 'wasm'?");
  });

  it('refuses a name that belongs to the browser', async () => {
    await expect(selectBackend({ prefer: 'webgl' })).rejects.toMatchObject({ code: 'unknown-name', value: 'webgl' });
  });
});

describe('selectBackend with a check', () => {
  it('reports on the backend that it takes', async () => {
    const selected = await selectBackend({ prefer: 'wasm', check: true, importPackage: missing });
    expect(selected).toMatchObject({ backend: 'wasm', tried: [], report: { backend: 'wasm', fit: true } });
  });

  it('passes over a backend that computes wrong numbers and names the operation', async () => {
    await selectBackend({ prefer: 'wasm', importPackage: missing });
    const original = tf.getKernel('Tanh', 'wasm');
    tf.unregisterKernel('Tanh', 'wasm');
    tf.registerKernel({ ...original, kernelFunc: tf.getKernel('Sigmoid', 'wasm').kernelFunc });
    try {
      const selected = await selectBackend({ prefer: ['wasm', 'cpu'], check: true, importPackage: missing });
      expect(selected.backend).toBe('cpu');
      expect(selected.tried[0]).toMatchObject({
        name: 'wasm',
        refused: expect.stringMatching(/^'tanh' is wrong \(and 1 more\): relative error .*; do not train on it$/),
      });
    } finally {
      tf.unregisterKernel('Tanh', 'wasm');
      tf.registerKernel(original);
    }
  });
});

it('refuses an option that it does not know', async () => {
  await expect(selectBackend({ prefered: 'cpu' } as object)).rejects.toThrow(
    "selectBackend has no option 'prefered'; did you mean 'prefer'?",
  );
});
