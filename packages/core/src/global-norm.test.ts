// The norm against float64 arithmetic, where 32-bit floats overflow and underflow.

import * as tf from '@tensorflow/tfjs';
import { afterEach, expect, it } from 'vitest';
import { globalNorm } from './global-norm.ts';
import { RandomStream } from './random.ts';

afterEach(() => tf.setBackend('cpu'));

const filled = (count: number, value: number) => new Array<number>(count).fill(value);

const cases: Readonly<Record<string, number[][]>> = {
  'ones beside squares that overflow': [filled(4, 1), filled(16, 1e19)],
  'squares that overflow in sum only': [filled(100, 1e19)],
  'the largest floats': [[2e38], [-2e38]],
  'squares that vanish': [filled(9, -1e-30), filled(16, 1e-30)],
  'ordinary numbers': [[3, 4], [12]],
  zeros: [filled(3, 0), [0]],
  'one gradient': [[-2]],
  nothing: [],
};

const backends = ['cpu', 'wasm'];

for (const backend of backends) {
  it.each(Object.entries(cases))(`${backend}: %s`, async (_, gradients) => {
    if (backend === 'wasm') await import('@tensorflow/tfjs-backend-wasm');
    await tf.setBackend(backend);
    const tensors = gradients.map((values) => tf.tensor1d(values));
    const before = tf.memory().numTensors;
    const norm = globalNorm(tensors);
    expect(tf.memory().numTensors).toBe(before + 1);
    const expected = Math.hypot(...gradients.flat().map(Math.fround));
    expect(Math.abs(norm.dataSync()[0]! - expected)).toBeLessThanOrEqual(1e-6 * expected);
    tf.dispose([norm, ...tensors]);
  });
}

it('takes gradients with their names as well, and any shape', () => {
  const variable = tf.variable(tf.zeros([3, 4]));
  const gradient = new RandomStream(1).normalTensor([3, 4]);
  const norm = globalNorm([{ name: 'a', variable, gradient }, tf.tensor3d([[[2]]])]);
  expect(norm.dataSync()[0]).toBeCloseTo(Math.hypot(2, ...gradient.dataSync()), 5);
});

it('does not hide what is no number', () => {
  const norm = (values: number[]) => globalNorm([tf.tensor1d(values), tf.scalar(1)]).dataSync()[0];
  expect(norm([1, Number.NaN])).toBeNaN();
  expect(norm([1, Number.NEGATIVE_INFINITY])).toBe(Number.POSITIVE_INFINITY);
});

it('reads nothing back from the backend', () => {
  const tensors = [tf.tensor1d([3, 4])];
  const backend = tf.backend();
  const { readSync, read } = backend;
  const forbidden = () => {
    throw new Error('read back');
  };
  Object.assign(backend, { readSync: forbidden, read: forbidden });
  let norm: tf.Scalar;
  try {
    norm = globalNorm(tensors);
  } finally {
    Object.assign(backend, { readSync, read });
  }
  expect(norm.dataSync()[0]).toBe(5);
});
