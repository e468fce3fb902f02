/** The backend as a whole: storage, memory, errors, the cpu kernels behind it. */

import * as tf from '@tensorflow/tfjs';
import { beforeEach, describe, expect, it } from 'vitest';
import { availability } from './availability.ts';
import { backendInfo } from './backend-info.ts';
import { OnnxBackendError } from './errors.ts';
import './index.ts';
import { configure } from './options.ts';

beforeEach(async () => {
  await tf.setBackend('onnx');
});

function bytesInUse(): number {
  return backendInfo().memory.inUse;
}

describe('storage', () => {
  it('hands out copies: what was read does not change when its memory is used again', () => {
    const a = tf.add(tf.ones([1000]), 1);
    const read = a.dataSync();
    a.dispose();
    tf.tidy(() => tf.fill([1000], 7).dataSync());
    expect(new Set(read)).toEqual(new Set([2]));
  });

  it('does not let a view that a cpu kernel returns outlive its input', () => {
    const x = tf.add(tf.range(0, 12), 0);
    // StridedSlice runs on cpu, and takes a part of its input where it can.
    const part = tf.stridedSlice(x, [4], [8], [1]);
    x.dispose();
    tf.tidy(() => tf.fill([12], -1).dataSync());
    expect(Array.from(part.dataSync())).toEqual([4, 5, 6, 7]);
    part.dispose();
  });

  it('keeps strings and complex numbers', () => {
    tf.tidy(() => {
      expect(tf.tensor1d(['a', 'bc']).dataSync()).toEqual(['a', 'bc']);
      const z = tf.complex([1, 2], [3, 4]);
      expect(Array.from(tf.real(z).dataSync())).toEqual([1, 2]);
      expect(Array.from(tf.imag(z).dataSync())).toEqual([3, 4]);
    });
  });

  it('moves tensors from and to other backends', async () => {
    await tf.setBackend('cpu');
    const x = tf.tensor1d([1, 2, 3]);
    await tf.setBackend('onnx');
    const y = tf.relu(tf.sub(x, 2));
    await tf.setBackend('cpu');
    expect(Array.from(tf.add(y, 1).dataSync())).toEqual([1, 1, 2]);
    await tf.setBackend('onnx');
    tf.dispose([x, y]);
  });

  it('gives all memory back', () => {
    const before = { tensors: tf.memory().numTensors, bytes: bytesInUse() };
    tf.tidy(() => {
      const x = tf.add(tf.ones([4, 8, 8, 32]), 1) as tf.Tensor4D;
      const w = tf.add(tf.ones([3, 3, 32, 32]), 1) as tf.Tensor4D;
      const f = (x: tf.Tensor, w: tf.Tensor) =>
        tf.sum(tf.relu(tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 2, 'same'))) as tf.Scalar;
      tf.grads(f)([x, w]);
      tf.cumsum(tf.reshape(x, [-1]));
    });
    expect({ tensors: tf.memory().numTensors, bytes: bytesInUse() }).toEqual(before);
  });
});

describe('a tensor that outlives its backend', () => {
  it('takes nothing from the next one when it is disposed', async () => {
    const old = tf.add(tf.ones([1000]), 1);
    tf.removeBackend('onnx');
    const { createBackend } = await import('./register.ts');
    tf.registerBackend('onnx', createBackend, 3);
    await tf.setBackend('onnx');
    const first = tf.add(tf.ones([1000]), 2);
    old.dispose();
    const second = tf.add(tf.ones([1000]), 3);
    expect(new Set(first.dataSync())).toEqual(new Set([3]));
    expect(new Set(second.dataSync())).toEqual(new Set([4]));
    tf.dispose([first, second]);
  });
});

describe('backendInfo', () => {
  it('tells native kernels from the rest; together they are all that cpu has', () => {
    const info = backendInfo();
    const cpu = tf.getKernelsForBackend('cpu').map(({ kernelName }) => kernelName);
    const all = new Set([...info.nativeKernels, ...info.cpuKernels]);
    expect(cpu.filter((name) => !all.has(name))).toEqual([]);
    expect(info.nativeKernels).toContain('Conv2DBackpropFilter');
    expect(info.cpuKernels).toContain('FFT');
    expect(info.fusedKernels).toEqual([
      'AdamUpdate',
      'BatchNormActivation',
      'BatchNormActivationGrad',
      'BiasActivation',
      'BiasActivationGrad',
      'FusedBatchNormGrad',
    ]);
    expect(info.versions.onnxRuntime).toMatch(/^\d+\.\d+/);
    expect(info.threads).toBeGreaterThanOrEqual(1);
    expect(availability()).toEqual({ available: true });
  });
});

describe('options', () => {
  it('cannot change while the backend runs, and must be in range', () => {
    expect(() => configure({ threads: 1 })).toThrow(OnnxBackendError);
  });
});

describe('an operation that does not fit', () => {
  it('throws the message of tfjs', () => {
    expect(() => tf.matMul(tf.ones([2, 3]), tf.ones([2, 3]))).toThrow(/inner shapes/);
  });
});
