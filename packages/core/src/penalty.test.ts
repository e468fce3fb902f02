import { expect, test } from 'vitest';
import { valueAt } from './penalty.ts';

test('a scheduled number is itself at every step, a function is asked', () => {
  expect(valueAt(10, 0)).toBe(10);
  expect(valueAt(0, 99)).toBe(0);
  expect([0, 5, 10].map((step) => valueAt((at) => 1 - at / 10, step))).toEqual([1, 0.5, 0]);
});
