import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { frechetDistance } from './frechet-distance.ts';
import { momentsOf } from './moments.ts';
import { agreement, deviation, drawn, mapped, recorded, sets } from './references.fixture.ts';

const pairs = {
  AB: [sets.A, sets.B],
  AC: [sets.A, sets.C],
  BC: [sets.B, sets.C],
  'fewer samples than features': [sets.wide, sets.wider],
  singular: [sets.flat, sets.flatter],
  'nearly singular': [sets.nearly, sets.nearly2],
  'far from 0': [sets.far, sets.far2],
} as const;

describe('Fréchet distance', () => {
  it.each(Object.entries(pairs))('is that of numpy and scipy: %s', (name, [a, b]) => {
    const [first, second] = [momentsOf(a), momentsOf(b)];
    const reference = recorded.frechet[name as keyof typeof pairs];
    for (const covariance of ['full', 'diagonal', 'none'] as const) {
      expect(deviation(frechetDistance(first, second, { covariance }), reference[covariance])).toBeLessThan(agreement);
      expect(deviation(frechetDistance(second, first, { covariance }), reference[covariance])).toBeLessThan(agreement);
    }
  });

  it('is exactly 0 for equal sets, singular ones too', () => {
    for (const set of [sets.A, sets.wide, sets.flat, sets.nearly, mapped(sets.A, () => 3)]) {
      const moments = momentsOf(set);
      for (const covariance of ['full', 'diagonal', 'none'] as const) {
        expect(frechetDistance(moments, momentsOf(set), { covariance })).toBe(0);
      }
    }
  });

  it('is that of the means alone where nothing varies, or only in one set', () => {
    const [still, moved] = [momentsOf(mapped(sets.A, () => 0)), momentsOf(mapped(sets.A, () => 1))];
    expect(frechetDistance(still, moved)).toBe(8);
    const { covariance, mean } = momentsOf(sets.A);
    const trace = covariance.reduce((sum, value, at) => sum + (at % 9 === 0 ? value : 0), 0);
    const square = mean.reduce((sum, value) => sum + value ** 2, 0);
    expect(frechetDistance(still, momentsOf(sets.A))).toBeCloseTo(trace + square, 12);
  });

  it('is never negative or NaN, and (s - t)^2 dimensions for sets that differ in scale alone', () => {
    const spread = fc.double({ min: 1e-3, max: 1e3, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), spread, fc.integer(), (dimensions, scale, seed) => {
        const set = drawn(seed, 9, dimensions);
        const found = frechetDistance(momentsOf(set), momentsOf(mapped(set, (value) => value * scale)), {});
        const { covariance, mean } = momentsOf(set);
        const variance = covariance.reduce((sum, value, at) => sum + (at % (dimensions + 1) === 0 ? value : 0), 0);
        const square = mean.reduce((sum, value) => sum + value ** 2, 0);
        const expected = (1 - scale) ** 2 * (variance + square);
        expect(found).toBeGreaterThanOrEqual(0);
        expect(Math.abs(found - expected)).toBeLessThan(1e-9 * (1 + scale) ** 2 * (variance + square));
      }),
      { seed: 4, numRuns: 60 },
    );
  });

  it('tells of fewer samples than features', () => {
    const onNote = vi.fn();
    frechetDistance(momentsOf(sets.A), momentsOf(sets.B), { onNote });
    frechetDistance(momentsOf(sets.wide), momentsOf(sets.wider), { onNote, covariance: 'diagonal' });
    expect(onNote).not.toHaveBeenCalled();
    frechetDistance(momentsOf(sets.wide), momentsOf(sets.wider), { onNote });
    expect(onNote.mock.lastCall?.[0]).toMatch(/16 features from 10 samples is singular/);
  });

  it('says what is wrong', () => {
    expect(() => frechetDistance(momentsOf(sets.A), momentsOf(sets.wide))).toThrow(/8 features.*of 16; take both/);
    expect(() => frechetDistance(momentsOf(sets.A), momentsOf(sets.B), { covariance: 'ful' as 'full' })).toThrow(
      "'full'",
    );
  });
});
