// The adapter of tfjs-node and tfjs-node-gpu, against a stand-in with their entry points and faults (fixtures/stand-ins/tfjs-node):
// neither package can be installed where tests run. Never run here: libtensorflow itself, CUDA.
import { createRequire } from 'node:module';
import util from 'node:util';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { selectBackend } from './select-backend.ts';

interface StandInOptions {
  readonly packageName: string;
  readonly binding?: 'absent';
  readonly usesGpu?: boolean;
}

const standIn = createRequire(import.meta.url)('../fixtures/stand-ins/tfjs-node/index.js') as {
  load(options: StandInOptions): unknown;
};

/** A machine where these packages are installed, in this state, and no other is. */
function machine(installed: Readonly<Record<string, Omit<StandInOptions, 'packageName'>>>) {
  return async (name: string): Promise<unknown> => {
    const state = installed[name];
    if (state !== undefined) return standIn.load({ packageName: name, ...state });
    throw Object.assign(new Error(`Cannot find package '${name}' imported from app.js`), {
      code: 'ERR_MODULE_NOT_FOUND',
    });
  };
}

const [node, gpu] = ['@tensorflow/tfjs-node', '@tensorflow/tfjs-node-gpu'];
const removedFunctions = util as unknown as Record<string, unknown>;

beforeEach(() => {
  // What Node 23 did.
  delete removedFunctions['isNullOrUndefined'];
  delete removedFunctions['isArray'];
  // TensorFlow.js warns when a backend or a kernel is registered again, as each test here does.
  vi.spyOn(console, 'warn').mockImplementation(() => {});
});

afterEach(async () => {
  vi.restoreAllMocks();
  await tf.setBackend('cpu');
  if (tf.findBackendFactory('tensorflow') !== null) tf.removeBackend('tensorflow');
  for (const { kernelName } of tf.getKernelsForBackend('tensorflow')) tf.unregisterKernel(kernelName, 'tensorflow');
});

describe('tfjs-node', () => {
  it('has the fault of Node 23 that the adapter cures', () => {
    standIn.load({ packageName: node });
    expect(() => tf.add(tf.scalar(1), tf.scalar(2))).toThrow('isNullOrUndefined is not a function');
  });

  it('is selected and computes, with the functions that Node 23 removed put back', async () => {
    const selected = await selectBackend({ importPackage: machine({ [node]: {} }) });
    expect(selected).toEqual({
      backend: 'tfjs-node',
      registeredName: 'tensorflow',
      details: {},
      tried: [{ name: 'tfjs-node-gpu', refused: `it is not installed; run 'npm i ${gpu}'` }],
    });
    expect(tf.getBackend()).toBe('tensorflow');
    expect(tf.add(tf.scalar(1), tf.scalar(2)).dataSync()[0]).toBe(3);
  });

  it('passes the preflight', async () => {
    const selected = await selectBackend({ prefer: 'tfjs-node', check: true, importPackage: machine({ [node]: {} }) });
    expect(selected).toMatchObject({ backend: 'tfjs-node', report: { backend: 'tensorflow', fit: true } });
  });

  it('is passed over with advice when its library was not downloaded', async () => {
    const selected = await selectBackend({ importPackage: machine({ [node]: { binding: 'absent' } }) });
    expect(selected.backend).toBe('wasm');
    const refusal = selected.tried.find(({ name }) => name === 'tfjs-node')!.refused;
    expect(refusal).toMatch(
      /^its native library is not in place \(The Node.js native addon module .*\); run 'npm rebuild /,
    );
    expect(refusal).not.toContain('\n');
  });

  it('is passed over with what it says when it fails for another reason', async () => {
    const broken = async (name: string): Promise<unknown> => {
      if (name === node) throw new Error("Cannot find package 'progress' imported from tfjs-node");
      return machine({})(name);
    };
    const selected = await selectBackend({ prefer: ['tfjs-node', 'cpu'], importPackage: broken });
    expect(selected.tried).toEqual([
      { name: 'tfjs-node', refused: "it failed to load: Cannot find package 'progress' imported from tfjs-node" },
    ]);
  });
});

describe('tfjs-node-gpu', () => {
  it('is taken first when it sees a CUDA device', async () => {
    const installed = { [gpu]: { usesGpu: true }, [node]: {} };
    expect(await selectBackend({ importPackage: machine(installed) })).toEqual({
      backend: 'tfjs-node-gpu',
      registeredName: 'tensorflow',
      details: {},
      tried: [],
    });
  });

  it('gives way to tfjs-node when it sees none', async () => {
    const selected = await selectBackend({ importPackage: machine({ [gpu]: { usesGpu: false }, [node]: {} }) });
    expect(selected.backend).toBe('tfjs-node');
    expect(selected.tried).toEqual([
      { name: 'tfjs-node-gpu', refused: 'it sees no CUDA device; install the NVIDIA driver, CUDA 11.2 and cuDNN 8.1' },
    ]);
    expect((tf.backend() as unknown as { isGPUPackage: boolean }).isGPUPackage).toBe(false);
  });

  it('is not mistaken for tfjs-node that a program has imported before', async () => {
    standIn.load({ packageName: node });
    const importOnce = async (name: string): Promise<unknown> => (name === gpu ? tf : machine({})(name));
    const selected = await selectBackend({ prefer: ['tfjs-node-gpu', 'cpu'], importPackage: importOnce });
    expect(selected.tried[0]!.refused).toContain('tfjs-node is already loaded');
  });
});
