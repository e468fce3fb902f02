// The same seed gives the same numbers in a browser as in Node, where packages/core/src/random.test.ts expects them as well.
import { RandomStream } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';

test('a stream in the browser draws what it draws in Node', () => {
  expect(typeof document).toBe('object');
  const random = new RandomStream(42);
  expect([random.uint32(), random.uint32(), random.uint32()]).toEqual([3462176339, 3414671298, 2992733793]);
  const before = tf.memory().numTensors;
  const tensor = random.normalTensor([3]);
  const expected = [0.20096531510353088, 0.37594085931777954, 1.0834174156188965];
  for (const [index, value] of tensor.dataSync().entries()) expect(value).toBeCloseTo(expected[index]!, 5);
  tensor.dispose();
  expect(tf.memory().numTensors).toBe(before);
});
