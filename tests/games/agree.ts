import { expect } from 'vitest';

/** What two steps in 32-bit floats may differ by, of a number's own size or of one. */
const tolerance = 2e-3;

/** Expects two games to have told the same numbers. */
export function agree(told: Readonly<Record<string, number>>, expected: Readonly<Record<string, number>>): void {
  expect(Object.keys(told)).toEqual(Object.keys(expected));
  for (const [name, value] of Object.entries(expected)) {
    expect(
      Math.abs(told[name]! - value) / Math.max(1, Math.abs(value)),
      `${name}: ${told[name]} for ${value}`,
    ).toBeLessThan(tolerance);
  }
}
