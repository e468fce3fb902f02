/** Gradients at the places where central differences have nothing to say: ties, kinks and corners; closed forms. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { repairedGradients } from './index.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

function gradient(f: (x: tf.Tensor) => tf.Tensor, at: number[]): number[] {
  return tf.tidy(() => [...tf.grad(f)(tf.tensor1d(at)).dataSync()]);
}

it('lists each repaired gradient once', () => {
  expect(repairedGradients).toContain('Tanh');
  expect(new Set(repairedGradients).size).toBe(repairedGradients.length);
  for (const name of repairedGradients) expect(tf.getGradient(name)).toBeDefined();
});

describe('ties', () => {
  it('share the gradient of max and min evenly', () => {
    expect(gradient((x) => tf.max(x), [2, 1, 2])).toEqual([0.5, 0, 0.5]);
    expect(gradient((x) => tf.min(x), [1, 1, 1, 5])).toEqual([1 / 3, 1 / 3, 1 / 3, 0].map(Math.fround));
  });

  it('of maximum go to the first operand', () => {
    const [a, b] = tf.grads((x, y) => tf.maximum(x, y))([tf.tensor1d([1]), tf.tensor1d([1])]);
    expect([a!.dataSync()[0], b!.dataSync()[0]]).toEqual([1, 0]);
  });

  it('in a pooling window go to its first entry', () => {
    expect(
      gradient((x) => tf.maxPool(tf.reshape(x, [1, 2, 2, 1]) as tf.Tensor4D, 2, 2, 'valid'), [3, 3, 3, 3]),
    ).toEqual([1, 0, 0, 0]);
  });
});

it('counts a tied pooling window once in the second derivative too', () => {
  const pool = (x: tf.Tensor) => tf.maxPool(tf.reshape(x, [1, 2, 2, 1]) as tf.Tensor4D, 2, 2, 'valid');
  const slope = tf.grad((x: tf.Tensor) => tf.div(tf.square(pool(x)), 2));
  expect(gradient((x) => tf.sum(slope(x)), [3, 3, 3, 3])).toEqual([1, 0, 0, 0]);
});

describe('kinks', () => {
  it('have the left derivative for rectifiers, and zero for abs', () => {
    expect(gradient((x) => tf.relu(x), [0])).toEqual([0]);
    expect(gradient((x) => tf.leakyRelu(x, 0.25), [0])).toEqual([0.25]);
    expect(gradient((x) => tf.abs(x), [0])).toEqual([0]);
    expect(gradient((x) => tf.relu6(x), [0, 6])).toEqual([0, 1]);
  });

  it('of clipping count as inside', () => {
    expect(gradient((x) => tf.clipByValue(x, -1, 1), [-1, 1, 1.5])).toEqual([1, 1, 0]);
  });
});

describe('corners', () => {
  it('of powers are finite: 0^1, 0^2 and 0^0, twice differentiated', () => {
    expect(gradient((x) => tf.pow(x, 2), [0])).toEqual([0]);
    expect(
      gradient(
        tf.grad((x: tf.Tensor) => tf.pow(x, 2)),
        [0],
      ),
    ).toEqual([2]);
    expect(
      gradient(
        tf.grad((x: tf.Tensor) => tf.pow(x, 1)),
        [0],
      ),
    ).toEqual([0]);
    expect(gradient((x) => tf.pow(x, 0), [0])).toEqual([0]);
  });

  it('of products with zeros are right: d(xyz)/dx = yz', () => {
    expect(gradient((x) => tf.prod(x), [0, 3, 4])).toEqual([12, 0, 0]);
    expect(gradient((x) => tf.prod(x), [0, 0, 4])).toEqual([0, 0, 0]);
  });

  it('of large exponents stay finite on the side that is switched off', () => {
    expect(
      gradient(
        tf.grad((x: tf.Tensor) => tf.elu(x)),
        [200],
      ),
    ).toEqual([0]);
    expect(
      gradient(
        tf.grad((x: tf.Tensor) => tf.selu(x)),
        [200],
      ),
    ).toEqual([0]);
  });
});

describe('tf.customGrad', () => {
  it('may save any intermediate value: it counts as a function of the inputs', () => {
    const cube = tf.customGrad((x, save) => {
      const at = x as tf.Tensor;
      const squared = tf.square(at);
      (save as (tensors: tf.Tensor[]) => void)([squared]);
      return { value: tf.mul(at, squared), gradFunc: (dy, saved) => tf.mul(dy, tf.mul(3, saved[0]!)) };
    });
    expect(gradient((x) => cube(x), [2])).toEqual([12]);
    expect(
      gradient(
        tf.grad((x: tf.Tensor) => cube(x)),
        [2],
      ),
    ).toEqual([12]);
    expect(gradient(tf.grad(tf.grad((x: tf.Tensor) => cube(x))), [2])).toEqual([6]);
  });

  it('that saves nothing is left alone: a straight-through estimate stays one', () => {
    const rounded = tf.customGrad((x) => ({ value: tf.round(x as tf.Tensor), gradFunc: (dy) => dy }));
    expect(gradient((x) => tf.square(rounded(x)), [1.4])).toEqual([2]);
  });
});

it('orders above the second follow: the third derivative of tanh', () => {
  const third = tf.grad(tf.grad(tf.grad((x: tf.Tensor) => tf.tanh(x))));
  const t = Math.tanh(0.7);
  const expected = (1 - t * t) * (6 * t * t - 2);
  expect(third(tf.scalar(0.7)).dataSync()[0]).toBeCloseTo(expected, 5);
});
