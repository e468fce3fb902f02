import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import type { Communicator } from './communicator.ts';
import { gatherRows, meanGradients, meanOverRanks, ownRows, rowsOfShare } from './over-ranks.ts';

/** One of two processes, of which the other always says ten times the same. */
const beside: Communicator = {
  rank: 1,
  size: 2,
  allReduce: (values) => values.set(values.map((value) => 11 * value)),
  allGather: (values) => Float32Array.from([...values.map((value) => 10 * value), ...values]),
  broadcast: (bytes = new Uint8Array()) => bytes,
  barrier: () => undefined,
  agree: (flag) => flag,
};

const numbers = (compute: () => tf.Tensor) => {
  const tensor = tf.tidy(compute);
  const values = [...tensor.dataSync()];
  tensor.dispose();
  return values;
};

it('joins means, rows and gradients, and leaves nothing behind', () => {
  const before = tf.memory().numTensors;
  expect(numbers(() => meanOverRanks(tf.tensor1d([2, 4]), beside))).toEqual([11, 22]);
  expect(numbers(() => gatherRows(tf.tensor2d([[1, 2]]), beside))).toEqual([10, 20, 1, 2]);
  expect(numbers(() => gatherRows(tf.tensor1d([3], 'int32'), beside))).toEqual([30, 3]);
  expect(numbers(() => ownRows(tf.tensor1d([1, 2, 3, 4]), beside))).toEqual([3, 4]);
  const variable = tf.tidy(() => tf.variable(tf.zeros([2])));
  const gradient = tf.tensor1d([2, 6]);
  expect(numbers(() => meanGradients([{ name: 'w', variable, gradient }], beside)[0]!.gradient)).toEqual([11, 33]);
  tf.dispose([variable, gradient]);
  expect(tf.memory().numTensors).toBe(before);
});

it('the gradient of a mean is the mean of the gradients, that of joined rows the sum of what all say of them', () => {
  const of = (f: (x: tf.Tensor) => tf.Tensor) => numbers(() => tf.grad(f)(tf.tensor1d([1, 2])));
  expect(of((x) => meanOverRanks(x, beside).mul([1, 3]).sum())).toEqual([5.5, 16.5]);
  expect(of((x) => gatherRows(x, beside).mul([1, 2, 3, 4]).sum())).toEqual([33, 44]);
});

it('is nothing for one process', () => {
  const x = tf.tensor1d([1, 2]);
  const alone = { ...beside, rank: 0, size: 1 };
  for (const communicator of [undefined, alone]) {
    expect([meanOverRanks(x, communicator), gatherRows(x, communicator), ownRows(x, communicator)]).toEqual([x, x, x]);
  }
  x.dispose();
});

it('a batch that cannot be spread evenly is refused with one that can', () => {
  expect(rowsOfShare(64, { rank: 0, size: 4 })).toBe(16);
  expect(() => rowsOfShare(64, { rank: 0, size: 3 })).toThrow(
    'A batch of 64 cannot be spread evenly over 3 processes; choose a batch size that 3 divides, such as 63 or 66.',
  );
  expect(() => rowsOfShare(2, { rank: 0, size: 3 })).toThrow('such as 3.');
});
