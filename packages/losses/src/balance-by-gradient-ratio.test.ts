import type { ParameterGradient } from '@gankit/core';
import { isStateful } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { balanceByGradientRatio } from './balance-by-gradient-ratio.ts';
import { featureMatching } from './penalties/feature-matching.ts';
import { lecam } from './penalties/lecam.ts';

const variable = tf.variable(tf.scalar(0));
const gradients = (values: Record<string, number[]>): ParameterGradient[] =>
  Object.entries(values).map(([name, numbers]) => ({ name, variable, gradient: tf.tensor(numbers) }));
const number = (scalar: tf.Scalar | undefined) => scalar?.dataSync()[0];

describe('balancing by gradient ratio', () => {
  const objective = gradients({ first: [3, 4], last: [12] });
  const term = gradients({ first: [0, 1], last: [2] });

  it('makes the gradient of the term as long as that of the loss, times the ratio', () => {
    const whole = balanceByGradientRatio(featureMatching(), { ratio: 0.5 });
    expect(number(whole.balance?.(objective, term))).toBeCloseTo((0.5 * 13) / (Math.sqrt(5) + 1e-4), 4);
  });

  it('compares only the variables it is told to', () => {
    const last = balanceByGradientRatio(featureMatching(), { variables: (name) => name === 'last' });
    expect(number(last.balance?.(objective, term))).toBeCloseTo(12 / 2.0001, 4);
  });

  it('is bounded where the term has no gradient, and 0 where the objective has none', () => {
    const zeros = gradients({ first: [0, 0], last: [0] });
    const penalty = balanceByGradientRatio(featureMatching(), { maximum: 100 });
    expect(number(penalty.balance?.(objective, zeros))).toBe(100);
    expect(number(penalty.balance?.(zeros, term))).toBe(0);
    expect(number(penalty.balance?.(zeros, zeros))).toBe(0);
    expect(number(penalty.balance?.([], []))).toBe(0);
  });

  it('is right for gradients whose squares float32 cannot hold', () => {
    const penalty = balanceByGradientRatio(featureMatching());
    const huge = gradients({ first: Array.from({ length: 16 }, () => 1e19), last: [1, 1, 1, 1] });
    const half = gradients({ first: Array.from({ length: 16 }, () => 5e18), last: [0] });
    expect(number(penalty.balance?.(huge, half))).toBeCloseTo(2, 5);
    expect(number(penalty.balance?.(half, huge))).toBeCloseTo(0.5, 5);
    // A norm of 12e38, beyond float32, counts as its largest number.
    const largest = gradients({ first: Array.from({ length: 16 }, () => 3e38), last: [0] });
    expect(number(penalty.balance?.(largest, largest))).toBeCloseTo(1, 5);
    expect(number(penalty.balance?.(largest, term))).toBe(1e4);
    expect(number(penalty.balance?.(term, largest))).toBeLessThan(1e-37);
    const silent = balanceByGradientRatio(featureMatching(), { ratio: 0 });
    expect(number(silent.balance?.(largest, gradients({ first: [0, 0], last: [0] })))).toBe(0);
  });

  it('does not hide a gradient that is infinite', () => {
    const penalty = balanceByGradientRatio(featureMatching());
    const infinite = gradients({ first: [Number.POSITIVE_INFINITY, 1], last: [1] });
    expect(number(penalty.balance?.(infinite, term))).toBeNaN();
    expect(number(penalty.balance?.(objective, infinite))).toBeNaN();
  });

  it('stays the penalty it was, state included, and leaks nothing', () => {
    const penalty = balanceByGradientRatio(lecam({ weight: 2 }));
    expect(penalty).toMatchObject({ name: 'lecam', weight: 2, player: 'discriminator' });
    expect(isStateful(penalty)).toBe(true);
    expect(isStateful(balanceByGradientRatio(featureMatching()))).toBe(false);
    const before = tf.memory().numTensors;
    penalty.balance?.(objective, term).dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
