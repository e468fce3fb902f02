import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkBatch, checkInteger, checkNumber, checkSameShape, formatShape } from './checks.ts';

beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

test('shapes are written as in JSON, with spaces', () => {
  expect(formatShape([2, 3])).toBe('[2, 3]');
  expect(formatShape([])).toBe('[]');
  expect(formatShape([null, 28, 'channels'])).toBe('[null, 28, channels]');
});

test('checkInteger takes whole numbers from the minimum on', () => {
  for (const value of [1, 2, Number.MAX_SAFE_INTEGER]) expect(() => checkInteger('steps', value)).not.toThrow();
  expect(() => checkInteger('seed', 0, 0)).not.toThrow();
});

test.each([[0], [-1], [1.5], [Number.NaN], [Number.POSITIVE_INFINITY], [2 ** 53]])(
  'checkInteger refuses %d',
  (value) => {
    expect(() => checkInteger('steps', value)).toThrow(
      expect.objectContaining({
        code: 'invalid-argument',
        message: `steps must be a whole number of at least 1, not ${value}.`,
        value,
      }),
    );
  },
);

test('checkNumber takes both ends of its range', () => {
  for (const value of [0, 0.5, 1]) expect(() => checkNumber('beta1', value, 0, 1)).not.toThrow();
  expect(() => checkNumber('shift', -1e300)).not.toThrow();
});

test.each<[number, number | undefined, number | undefined, string]>([
  [Number.NaN, undefined, undefined, 'rate must be a finite number, not NaN.'],
  [Number.POSITIVE_INFINITY, undefined, undefined, 'rate must be a finite number, not Infinity.'],
  [-0.5, 0, undefined, 'rate must be a finite number of at least 0, not -0.5.'],
  [9, undefined, 8, 'rate must be a finite number of at most 8, not 9.'],
  [1.5, 0, 1, 'rate must be a number from 0 to 1, not 1.5.'],
])('checkNumber refuses %d within %s and %s', (value, minimum, maximum, message) => {
  expect(() => checkNumber('rate', value, minimum, maximum)).toThrow(
    expect.objectContaining({ code: 'invalid-argument', message, value }),
  );
});

test('checkBatch takes any batch of the shape', () => {
  for (const batch of [1, 5])
    expect(() => checkBatch('Samples', tf.zeros([batch, 28, 28, 1]), [28, 28, 1])).not.toThrow();
  expect(() => checkBatch('Scores', tf.zeros([3]), [])).not.toThrow();
});

test.each<[string, () => tf.Tensor, string]>([
  ['another shape', () => tf.zeros([4, 3]), 'float32 of shape [4, 3]'],
  ['the same size in another shape', () => tf.zeros([4, 2, 1]), 'float32 of shape [4, 2, 1]'],
  ['no batch axis', () => tf.scalar(1), 'float32 of shape []'],
  ['an empty batch', () => tf.zeros([0, 2]), 'float32 of shape [0, 2]'],
  ['another type', () => tf.zeros([4, 2], 'int32'), 'int32 of shape [4, 2]'],
])('checkBatch refuses %s', (_, tensor, found) => {
  expect(() => checkBatch('Points', tensor(), [2])).toThrow(
    expect.objectContaining({
      code: 'invalid-shape',
      message: `Points must be float32 of shape [batch, 2], not ${found}.`,
    }),
  );
});

test('checkSameShape names both sides', () => {
  expect(() => checkSameShape('The generator', [2], 'the data', [2])).not.toThrow();
  expect(() => checkSameShape('The generator', [28, 28, 1], 'the data', [32, 32, 3])).toThrow(
    expect.objectContaining({
      code: 'incompatible',
      message: 'The generator has shape [28, 28, 1] but the data has [32, 32, 3]; they must be the same.',
    }),
  );
});
