import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nearestName, unknownNameError } from './nearest-name.ts';

const losses = ['minimax', 'non-saturating', 'hinge', 'wasserstein', 'least-squares'];

test.each([
  ['minmax', 'minimax'],
  ['HINGE', 'hinge'],
  ['hinje', 'hinge'],
  ['nonsaturating', 'non-saturating'],
  ['wassertsein', 'wasserstein'],
  ['ihgne', 'hinge'],
  ['least_squares', 'least-squares'],
])("the nearest name to '%s' is '%s'", (name, nearest) => {
  expect(nearestName(name, losses)).toBe(nearest);
});

test.each([['xyz'], ['q'], [''], ['completely different']])("nothing is near '%s'", (name) => {
  expect(nearestName(name, losses)).toBeUndefined();
});

test('with half of the characters wrong a name is still near, with one more it is not', () => {
  expect(nearestName('abxx', ['abcd'])).toBe('abcd');
  expect(nearestName('axxx', ['abcd'])).toBeUndefined();
});

test('the first of equally near names is taken', () => {
  expect(nearestName('cat', ['bat', 'hat'])).toBe('bat');
  expect(nearestName('x', [])).toBeUndefined();
});

test('a known name is the nearest to itself', () => {
  fc.assert(fc.property(fc.constantFrom(...losses), (name) => nearestName(name, losses) === name));
});

/** Optimal string alignment distance straight from its recursive definition. */
function slowDistance(a: string, b: string): number {
  if (a === '' || b === '') return a.length + b.length;
  const [restA, restB] = [a.slice(1), b.slice(1)];
  if (a[0] === b[0]) return slowDistance(restA, restB);
  const swapped = a.length > 1 && a[0] === b[1] && a[1] === b[0];
  const swap = swapped ? slowDistance(a.slice(2), b.slice(2)) : Number.POSITIVE_INFINITY;
  return 1 + Math.min(slowDistance(restA, b), slowDistance(a, restB), slowDistance(restA, restB), swap);
}

test('a name is near when, by the definition of the distance, at most half of the longer one changes', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 5 });
  fc.assert(
    fc.property(word, fc.array(word, { minLength: 1, maxLength: 4 }), (name, known) => {
      const distances = known.map((candidate) => slowDistance(name, candidate));
      const best = known[distances.indexOf(Math.min(...distances))]!;
      const near = Math.min(...distances) <= Math.max(name.length, best.length) / 2;
      expect(nearestName(name, known)).toBe(near ? best : undefined);
    }),
    { numRuns: 300 },
  );
});

test('the error suggests the nearest name, or lists all of them', () => {
  expect(unknownNameError('loss', 'hing', losses)).toMatchObject({
    code: 'unknown-name',
    message: "There is no loss named 'hing'; did you mean 'hinge'?",
    value: 'hing',
  });
  expect(unknownNameError('loss', 'zzz', ['minimax', 'hinge']).message).toBe(
    "There is no loss named 'zzz'; choose one of: minimax, hinge",
  );
});
