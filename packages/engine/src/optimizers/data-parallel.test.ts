import type { Communicator } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { accumulateGradients } from './accumulate-gradients.ts';
import { clipByGlobalNorm } from './clip-by-global-norm.ts';
import { dataParallel } from './data-parallel.ts';
import { sgd } from './sgd.ts';

it('gives the mean of all processes, joined once after collecting and before clipping', () => {
  const before = tf.memory().numTensors;
  let messages = 0;
  // The other process always has three times the gradient.
  const communicator = {
    rank: 0,
    size: 2,
    allReduce(values: Float32Array) {
      messages++;
      values.set(values.map((value) => 4 * value));
    },
  } as Partial<Communicator> as Communicator;
  const variable = tf.tidy(() => tf.variable(tf.zeros([2])));
  const optimizer = accumulateGradients(dataParallel(clipByGlobalNorm(sgd({ learningRate: 1 }), 5), communicator), 2);
  for (const values of [
    [0, 2],
    [6, 6],
  ]) {
    const gradient = tf.tensor1d(values);
    optimizer.applyGradients([{ name: 'w', variable, gradient }]);
    gradient.dispose();
  }
  expect(messages).toBe(1);
  // Collected: [3, 4]; the mean of both processes: [6, 8], of length 10; clipped to 5.
  const [first, second] = variable.dataSync();
  expect(first).toBeCloseTo(-3, 5);
  expect(second).toBeCloseTo(-4, 5);
  optimizer.dispose();
  variable.dispose();
  expect(tf.memory().numTensors).toBe(before);
});
