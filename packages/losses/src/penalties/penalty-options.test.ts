import { valueAt } from '@gankit/core';
import { describe, expect, it } from 'vitest';
import { gradientPenalty } from './gradient-penalty.ts';
import { r1 } from './r1.ts';
import { wassersteinDivergence } from './wasserstein-divergence.ts';

describe('the options of every penalty', () => {
  it('takes a weight that changes with the step', () => {
    const { weight } = gradientPenalty({ weight: (step) => 10 + step });
    expect(valueAt(weight, 5)).toBe(15);
  });

  it('halves gamma and k, also when they change with the step', () => {
    expect(valueAt(r1({ gamma: (step) => 2 * step }).weight, 3)).toBe(3);
    expect(r1().weight).toBe(5);
    expect(wassersteinDivergence({ k: 4 }).weight).toBe(2);
  });

  it('refuses weights below 0 and intervals that are not whole', () => {
    expect(() => gradientPenalty({ weight: -1 })).toThrow(
      "gradient-penalty's weight must be a finite number of at least 0, not -1.",
    );
    expect(() => gradientPenalty({ weight: '3' as unknown as number })).toThrow(/weight must be a finite number/);
    expect(() => r1({ gamma: -1 })).toThrow("r1's gamma must be a finite number of at least 0, not -1.");
    expect(() => r1({ interval: 0 })).toThrow("r1's interval must be a whole number of at least 1, not 0.");
    expect(() => gradientPenalty({ target: 0 })).toThrow(/^target must be/);
    expect(() => wassersteinDivergence({ p: 1 })).toThrow(/^p must be a finite number of at least 2/);
  });
});
