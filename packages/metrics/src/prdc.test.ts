import { expect, test } from 'vitest';
import { prdc } from './prdc.ts';
import { agreement, deviation, drawn, mapped, recorded, sets } from './references.fixture.ts';

test.each([
  ['AB', sets.A, sets.B, 5],
  ['AC', sets.A, sets.C, 3],
  ['BC', sets.B, sets.C, 1],
  ['far from 0', sets.far, sets.far2, 5],
] as const)('are those of their authors: %s', (name, real, made, neighbours) => {
  const found = prdc(real, made, { neighbours });
  for (const [which, value] of Object.entries(recorded.prdc[name])) {
    expect(deviation(found[which as keyof typeof found], value)).toBeLessThan(agreement);
  }
});

test('a set against itself is whole, and sets apart share nothing', () => {
  const own = prdc(sets.A, sets.A, { neighbours: 3 });
  expect(own).toMatchObject({ precision: 1, recall: 1, coverage: 1 });
  const apart = prdc(
    sets.A,
    mapped(sets.A, (value) => value + 1e3),
  );
  expect(apart).toEqual({ precision: 0, recall: 0, density: 0, coverage: 0 });
});

test('a sample at exactly the radius is outside', () => {
  const real = { values: Float64Array.from([0, 1, 2, 3]), dimensions: 1 };
  // The radii of the real ones are all 1: 4 lies at 1 from 3, and 3.5 inside.
  const at = (...values: number[]) => ({ values: Float64Array.from(values), dimensions: 1 });
  expect(prdc(real, at(4, 40), { neighbours: 1 }).precision).toBe(0);
  expect(prdc(real, at(3.5, 40), { neighbours: 1 })).toMatchObject({ precision: 0.5, density: 0.5, coverage: 0.25 });
});

test('a collapsed generator is precise and recalls little; a wide one the other way round', () => {
  const real = drawn(61, 300, 2);
  const collapsed = prdc(
    real,
    mapped(drawn(62, 300, 2), (value) => value * 0.05),
  );
  expect(collapsed.precision).toBeGreaterThan(0.99);
  expect(collapsed.recall).toBeLessThan(0.1);
  expect(collapsed.coverage).toBeLessThan(0.2);
  const wide = prdc(
    real,
    mapped(drawn(63, 300, 2), (value) => value * 6),
  );
  expect(wide.precision).toBeLessThan(0.2);
  expect(wide.recall).toBeGreaterThan(0.9);
});

test('says what is wrong', () => {
  expect(() => prdc(sets.A, sets.C, { neighbours: 60 })).toThrow('neighbours must be at most the 59 others, not 60.');
  expect(() => prdc(sets.A, sets.wide)).toThrow(/take both from one extractor/);
});
