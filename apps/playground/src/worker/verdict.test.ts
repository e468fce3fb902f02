import { hinge, leastSquares, nonSaturating, twoClassSoftmax, wasserstein } from '@gankit/losses';
import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { lineOf, realness, verdicts } from './verdict.ts';

const values = (...numbers: number[]) => Float32Array.from(numbers);

test('a probability is read on the scale from -1 to 1', () => {
  const loss = nonSaturating();
  const logits = values(-3, 0, 0.5);
  const read = verdicts(loss, logits, lineOf(loss, values(1), values(-1)));
  logits.forEach((logit, index) => {
    expect(read[index]).toBeCloseTo(2 / (1 + Math.exp(-logit)) - 1, 6);
  });
});

test('where a loss draws a line, the line is 0; where it draws none, it lies between both means', () => {
  expect(lineOf(hinge(), values(5, 7), values(1, 1)).middle).toBe(0);
  expect(lineOf(leastSquares(), values(1), values(0)).middle).toBe(0.5);
  expect(lineOf(wasserstein(), values(5, 7), values(1, 1)).middle).toBe(3.5);
  const line = lineOf(wasserstein(), values(5, 7), values(1, 1));
  expect([...verdicts(wasserstein(), values(3.5, 1000, -1000), line)]).toEqual([0, 1, -1]);
});

test('two units count by their difference, patches by their mean, energies the other way round', () => {
  const before = tf.memory().numTensors;
  const read = (logits: tf.Tensor, loss: Parameters<typeof realness>[1]) => {
    const result = realness({ logits }, loss);
    const numbers = [...result.dataSync()];
    tf.dispose([logits, result]);
    return numbers;
  };
  expect(
    read(
      tf.tensor2d([
        [3, 1],
        [0, 4],
      ]),
      twoClassSoftmax(),
    ),
  ).toEqual([2, -4]);
  expect(read(tf.tensor4d([1, 2, 3, 6], [1, 2, 2, 1]), nonSaturating())).toEqual([3]);
  expect(read(tf.tensor2d([[2]]), { ...nonSaturating(), verdict: 'energy' })).toEqual([-2]);
  expect(tf.memory().numTensors).toBe(before);
});
