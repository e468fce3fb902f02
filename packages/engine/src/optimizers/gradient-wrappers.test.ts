// The optimisers that stand in front of others: clipping and accumulation.
import { type Optimizer, type ParameterGradient, RandomStream } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accumulateGradients } from './accumulate-gradients.ts';
import { adam } from './adam.ts';
import { clipByGlobalNorm } from './clip-by-global-norm.ts';
import { clipByValue } from './clip-by-value.ts';
import { sgd } from './sgd.ts';
import { withTransformedGradients } from './transformed-gradients.ts';

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

  it('keeps the direction of gradients whose squares, or whose very norm, a 32-bit float cannot hold', () => {
    const expected = (values: number[]) => values.map((value) => (2 * value) / Math.hypot(...values));
    for (const values of [
      [1, 1, 3e19, -4e19],
      // The norm of these is above 3.4e38.
      [3e38, -3e38, 1.5e38, 0],
    ]) {
      const [clipped] = given((inner) => clipByGlobalNorm(inner, 2), [values]);
      for (const [index, value] of expected(values).entries()) expect(clipped![index]).toBeCloseTo(value, 5);
    }
    expect(given((inner) => clipByGlobalNorm(inner, 1), [[1e-30, -2e-30]])).toEqual([
      [Math.fround(1e-30), Math.fround(-2e-30)],
    ]);
  });

  it('does not hide what is no number', () => {
    const [first, second] = given((inner) => clipByGlobalNorm(inner, 1), [[Number.NaN, 1], [2]]);
    expect([...first!, ...second!]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  });
});

describe.each<[string, (inner: Optimizer) => Optimizer & Disposable, number]>([
  ['clipByValue', (inner) => clipByValue(inner, 1), 1],
  ['clipByGlobalNorm', (inner) => clipByGlobalNorm(inner, 1), 1],
  ['withTransformedGradients', (inner) => withTransformedGradients(inner, (gradients) => gradients), 1],
  ['accumulateGradients', (inner) => accumulateGradients(inner, 3), 3],
])('%s', (_, wrap, calls) => {
  it('passes on the training step, and counts updates', () => {
    const variable = tf.variable(tf.scalar(0));
    const gradients = [{ name: 'a', variable, gradient: tf.scalar(0.5) }];
    const inner = sgd({ learningRate: (step) => step });
    const optimizer = wrap(inner);
    for (let call = 0; call < 2 * calls; call++) optimizer.applyGradients(gradients, 10 * (call + 1));
    expect(optimizer.iterations).toBe(2);
    expect(optimizer.learningRate).toBe(20 * calls);
    expect(variable.dataSync()[0]).toBe(-0.5 * (10 * calls + 20 * calls));
  });

  it('frees the optimiser that it stands in front of at the end of a block', () => {
    const variable = tf.variable(tf.scalar(0));
    const gradients = [{ name: 'a', variable, gradient: tf.scalar(0.5) }];
    const before = tf.memory().numTensors;
    {
      using optimizer = wrap(adam());
      for (let call = 0; call <= calls; call++) optimizer.applyGradients(gradients);
      expect(tf.memory().numTensors).toBeGreaterThan(before);
    }
    expect(tf.memory().numTensors).toBe(before);
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

  it('saves the moment in which it is asked, also when updates go on meanwhile', async () => {
    const variable = tf.variable(tf.zeros([4]));
    const optimizer = accumulateGradients(adam({ learningRate: 0.1 }), 3);
    for (let index = 0; index < 5; index++) optimizer.applyGradients(gradientsAt(variable, index), index);
    const still = await optimizer.saveState();
    const busy = optimizer.saveState();
    for (let index = 5; index < 9; index++) optimizer.applyGradients(gradientsAt(variable, index), index);
    expect(await busy).toEqual(still);
    optimizer.dispose();
  });

  it('begins anew after an update that was refused, and leaves nothing behind', () => {
    const variable = tf.variable(tf.zeros([2]));
    const gradients: ParameterGradient[] = [{ name: 'a', variable, gradient: tf.ones([2]) }];
    const optimizer = accumulateGradients(sgd({ learningRate: (step) => (step === 1 ? Number.NaN : 1) }), 2);
    const before = tf.memory().numTensors;
    optimizer.applyGradients(gradients, 0);
    expect(() => optimizer.applyGradients(gradients, 1)).toThrow('The learning rate of step 1 must be');
    expect(tf.memory().numTensors).toBe(before);
    const wrong = { name: 'b', variable, gradient: tf.ones([3]) };
    expect(() => optimizer.applyGradients([...gradients, wrong], 2)).toThrow("The gradient of 'b' has shape [3]");
    optimizer.applyGradients(gradients, 2);
    optimizer.applyGradients(gradients, 3);
    expect(Array.from(variable.dataSync())).toEqual([-1, -1]);
    expect(optimizer.iterations).toBe(1);
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
