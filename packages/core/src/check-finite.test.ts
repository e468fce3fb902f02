import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkFinite } from './check-finite.ts';

beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

test('finite tensors, integers and absent ones pass, and stay with the caller', async () => {
  const samples = tf.tensor1d([0, -1, 3.4e38]);
  const before = tf.memory().numTensors;
  await checkFinite({ samples, labels: tf.keep(tf.tensor1d([1], 'int32')), penalty: undefined });
  expect(tf.memory().numTensors).toBe(before + 1);
  expect(samples.isDisposed).toBe(false);
});

test('the first tensor that is not finite is named, with the count of its bad values', async () => {
  await expect(
    checkFinite({
      samples: tf.tensor1d([1, 2]),
      logits: tf.tensor1d([Number.NaN, 1, Number.NEGATIVE_INFINITY, Number.NaN]),
      loss: tf.scalar(Number.NaN),
    }),
  ).rejects.toMatchObject({
    code: 'numerical',
    value: 'logits',
    message: expect.stringMatching(/^The logits held 2 NaN and 1 infinite of 4 values, and nothing before it did; /),
  });
  await expect(checkFinite({ loss: tf.scalar(Number.POSITIVE_INFINITY) })).rejects.toThrow(
    'The loss held 1 infinite of 1 values',
  );
});
