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
