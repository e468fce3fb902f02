// The optimisers that stand in front of others: clipping and accumulation.
import { RandomStream } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accumulateGradients } from './accumulate-gradients.ts';
import { adam } from './adam.ts';
import { clipByGlobalNorm, globalNorm } from './clip-by-global-norm.ts';
import { clipByValue } from './clip-by-value.ts';
import { sgd } from './sgd.ts';

/** What sgd with rate 1 subtracts is what it was given. */
function given(
  wrap: (optimizer: ReturnType<typeof sgd>) => ReturnType<typeof clipByValue>,
  gradients: number[][],
): number[][] {
  const parameters = gradients.map((values, index) => ({
    name: `${index}`,
    variable: tf.variable(tf.zeros([values.length])),
    gradient: tf.tensor1d(values),
  }));
  const optimizer = wrap(sgd({ learningRate: 1 }));
  optimizer.applyGradients(parameters);
  const result = parameters.map(({ variable }) => Array.from(variable.dataSync(), (value) => 0 - value));
  optimizer.dispose();
  tf.dispose(parameters.flatMap(({ variable, gradient }) => [variable, gradient]));
  return result;
}

describe('clipByValue', () => {
  it('limits each element', () => {
    expect(given((inner) => clipByValue(inner, 1), [[-3, 0.5], [2]])).toEqual([[-1, 0.5], [1]]);
    expect(() => clipByValue(sgd(), 0)).toThrow('limit must be above 0');
  });
});

describe('clipByGlobalNorm', () => {
  it('scales all gradients by one factor, and leaves short ones alone', () => {
    const [first, second] = given((inner) => clipByGlobalNorm(inner, 6.5), [[3, 4], [12]]);
    expect(first![0]).toBeCloseTo(1.5, 5);
    expect(first![1]).toBeCloseTo(2, 5);
    expect(second![0]).toBeCloseTo(6, 5);
    expect(given((inner) => clipByGlobalNorm(inner, 100), [[3, 4], [12]])).toEqual([[3, 4], [12]]);
    expect(given((inner) => clipByGlobalNorm(inner, 1), [[0, 0]])).toEqual([[0, 0]]);
    expect(() => clipByGlobalNorm(sgd(), -1)).toThrow('maximumNorm must be');
  });

  it('never lets the common norm exceed the limit nor turns the direction', () => {
    const number = fc.double({ min: -100, max: 100, noNaN: true }).map(Math.fround);
    fc.assert(
      fc.property(
        fc.array(fc.array(number, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 3 }),
        (gradients) => {
          const clipped = given((inner) => clipByGlobalNorm(inner, 2), gradients).flat();
          const raw = gradients.flat();
          const norm = Math.hypot(...raw);
          expect(Math.hypot(...clipped)).toBeLessThanOrEqual(2 * (1 + 1e-5));
          const factor = Math.min(1, 2 / (norm + 1e-6));
          raw.forEach((value, index) => {
            expect(Math.abs(clipped[index]! - value * factor)).toBeLessThanOrEqual(1e-5 * Math.max(1, Math.abs(value)));
          });
        },
      ),
      { seed: 7, numRuns: 60 },
    );
  });

  it('measures the norm on the backend', () => {
    const gradient = tf.tensor1d([3, 4]);
    const norm = globalNorm([{ name: 'a', variable: tf.variable(tf.zeros([2])), gradient }]);
    expect(norm.dataSync()[0]).toBe(5);
    expect(globalNorm([]).dataSync()[0]).toBe(0);
  });
});

describe('accumulateGradients', () => {
  const gradientsAt = (variable: tf.Variable, index: number) => [
    { name: 'a', variable, gradient: new RandomStream(index).normalTensor(variable.shape) },
  ];

  it('updates with the mean of the batches, in the last of them', () => {
    const variable = tf.variable(tf.tensor1d([0, 0]));
    const optimizer = accumulateGradients(sgd({ learningRate: 1 }), 2);
    optimizer.applyGradients([{ name: 'a', variable, gradient: tf.tensor1d([1, 2]) }]);
    expect(Array.from(variable.dataSync())).toEqual([0, 0]);
    expect(optimizer.iterations).toBe(0);
    optimizer.applyGradients([{ name: 'a', variable, gradient: tf.tensor1d([3, -6]) }]);
    expect(Array.from(variable.dataSync())).toEqual([-2, 2]);
    expect(optimizer.iterations).toBe(1);
  });

  it('goes on with the same bits when saved between two batches of one update', async () => {
    const make = () => accumulateGradients(clipByGlobalNorm(adam({ learningRate: 0.1 }), 1), 3);
    const [straight, interrupted] = [tf.variable(tf.zeros([4])), tf.variable(tf.zeros([4]))];
    const [first, before, after] = [make(), make(), make()];
    for (let index = 0; index < 9; index++) first.applyGradients(gradientsAt(straight, index));
    for (let index = 0; index < 5; index++) before.applyGradients(gradientsAt(interrupted, index));
    const saved = await before.saveState();
    expect(Object.keys(saved.tensors ?? {}).sort()).toEqual([
      'accumulated-gradient/a',
      'first-moment/a',
      'second-moment/a',
    ]);
    after.loadState(saved);
    expect(await after.saveState()).toEqual(saved);
    for (let index = 5; index < 9; index++) after.applyGradients(gradientsAt(interrupted, index));
    expect(Array.from(interrupted.dataSync())).toEqual(Array.from(straight.dataSync()));
    expect(() => accumulateGradients(adam(), 2).loadState(saved)).toThrow('holds 2 accumulated batches');
  });

  it('leaves nothing behind', () => {
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      const variable = tf.variable(tf.zeros([4]));
      const optimizer = accumulateGradients(clipByGlobalNorm(clipByValue(adam(), 1), 1), 2);
      for (let index = 0; index < 7; index++) optimizer.applyGradients(gradientsAt(variable, index));
      optimizer.dispose();
      variable.dispose();
    });
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses a parameter that vanishes, and a number of batches that is none', () => {
    const [a, b] = [tf.variable(tf.zeros([1])), tf.variable(tf.zeros([1]))];
    const one = tf.ones([1]);
    const optimizer = accumulateGradients(sgd(), 2);
    optimizer.applyGradients([
      { name: 'a', variable: a, gradient: one },
      { name: 'b', variable: b, gradient: one },
    ]);
    expect(() => optimizer.applyGradients([{ name: 'a', variable: a, gradient: one }])).toThrow("'b' had a gradient");
    expect(() => accumulateGradients(sgd(), 0)).toThrow('batches must be');
  });
});
