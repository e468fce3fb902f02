import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkBackend } from './check-backend.ts';
import { faultOf, formatBackendReport } from './report.ts';

afterEach(async () => {
  await tf.setBackend('cpu');
});

describe.each(['cpu', 'wasm'])('checkBackend on %s', (backend) => {
  beforeEach(async () => {
    await tf.setBackend(backend);
  });

  it('finds it fit, measures it and leaves nothing behind', async () => {
    await checkBackend();
    const before = tf.memory().numTensors;
    const report = await checkBackend();
    expect(report.operations.filter(({ outcome }) => outcome !== 'right')).toEqual([]);
    expect(report.training).toMatchObject({ outcome: 'right' });
    expect(report).toMatchObject({ backend, fit: true, floatBits: 32, missingKernels: [] });
    expect(report.precision).toBeLessThan(1e-4);
    expect(report.training.error).toBeLessThan(1e-4);
    expect(report.speed.stepsPerSecond).toBeGreaterThan(0);
    expect(report.speed.gigaflopsPerSecond).toBeGreaterThan(0);
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
    expect(faultOf(report)).toBeUndefined();
    expect(tf.memory().numTensors).toBe(before);
  });
});

/** Runs the check while the cpu backend's kernel is another. */
async function checkWith(kernelName: string, kernelFunc: tf.KernelFunc | undefined) {
  await tf.setBackend('cpu');
  const original = tf.getKernel(kernelName, 'cpu');
  tf.unregisterKernel(kernelName, 'cpu');
  if (kernelFunc !== undefined) tf.registerKernel({ ...original, kernelFunc });
  try {
    return { report: await checkBackend(), original };
  } finally {
    if (kernelFunc !== undefined) tf.unregisterKernel(kernelName, 'cpu');
    tf.registerKernel(original);
  }
}

describe('checkBackend on a faulty backend', () => {
  it('names the operation that is wrong', async () => {
    const { report } = await checkWith('Tanh', tf.getKernel('Sigmoid', 'cpu').kernelFunc);
    expect(report.fit).toBe(false);
    expect(report.operations.filter(({ outcome }) => outcome === 'wrong').map(({ operation }) => operation)).toEqual([
      'tanh',
      'gradient of a gradient',
    ]);
    expect(report.training.outcome).toBe('wrong');
    expect(faultOf(report)).toMatch(/^'tanh' is wrong \(and 1 more\): relative error \d/);
    expect(formatBackendReport(report)).toMatch(/NOT fit[\s\S]*wrong +tanh: relative error/);
  });

  it('names a one-hot that is deaf, which a game with classes notices too', async () => {
    const { report } = await checkWith('OneHot', ({ inputs, attrs, backend }) => {
      const size = (inputs['indices'] as tf.TensorInfo).shape[0]! * (attrs!['depth'] as number);
      const shape = [size / (attrs!['depth'] as number), attrs!['depth'] as number];
      const cpu = backend as { makeTensorInfo?(shape: number[], dtype: string, values: Float32Array): tf.TensorInfo };
      return cpu.makeTensorInfo!(shape, 'float32', new Float32Array(size));
    });
    expect(faultOf(report)).toMatch(/^'oneHot' is wrong \(and 1 more\): it gives 0, 0, 0.* where 0, 0, 1, 1, 0, 0/);
    expect(report.training.outcome).toBe('wrong');
  });

  it('names a cast that keeps the last byte alone', async () => {
    const cast = tf.getKernel('Cast', 'cpu').kernelFunc;
    const { report } = await checkWith('Cast', (call) => {
      if (call.attrs?.['dtype'] !== 'bool') return cast(call);
      const x = call.inputs['x'] as tf.TensorInfo;
      const cpu = call.backend as {
        data: { get(id: object): { values: ArrayLike<number> } };
        makeTensorInfo(shape: number[], dtype: string, values: Uint8Array): tf.TensorInfo;
      };
      const bytes = Uint8Array.from(Array.from(cpu.data.get(x.dataId).values), (value) => value & 255);
      return cpu.makeTensorInfo(x.shape, 'bool', bytes);
    });
    expect(report.operations.filter(({ outcome }) => outcome === 'wrong').map(({ operation }) => operation)).toEqual([
      'cast to bool',
    ]);
    expect(report.fit).toBe(false);
  });

  it('names the kernel that is missing', async () => {
    const { report } = await checkWith('Conv2DBackpropFilter', undefined);
    expect(report.missingKernels).toEqual(['Conv2DBackpropFilter']);
    const missing = report.operations.filter(({ outcome }) => outcome === 'missing').map(({ operation }) => operation);
    expect(missing).toEqual(['conv2d', 'conv2d, stride 2', 'conv2dTranspose, stride 2', 'gradient of a gradient']);
    expect(faultOf(report)).toBe("'conv2d' is missing (and 3 more): this backend has no kernel 'Conv2DBackpropFilter'");
  });
});

it('prints a report for people', async () => {
  const text = formatBackendReport(await checkBackend());
  expect(text.split('\n').map((line) => line.slice(0, 16).trim())).toEqual([
    'backend',
    'operations',
    'training',
    'precision',
    'matrix product',
    'tiny GAN',
    'missing kernels',
  ]);
  expect(text).toContain('cpu, fit for training');
});
