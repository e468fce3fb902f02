import { expect, test } from 'vitest';
import { addPoints } from './curves.ts';
import { type CurvePoint, curveNames } from './protocol.ts';

const at = (step: number) => Object.fromEntries(curveNames.map((name) => [name, step])) as CurvePoint;

test('a long run keeps its first and its newest moments, and never more points than a chart can show', () => {
  const points: CurvePoint[] = [];
  for (let step = 1; step <= 50_000; step += 10)
    addPoints(
      points,
      Array.from({ length: 10 }, (_, more) => at(step + more)),
    );
  expect(points.length).toBeLessThanOrEqual(3000);
  expect(points.length).toBeGreaterThan(1500);
  expect(points[0]?.step).toBe(1);
  expect(points.at(-1)?.step).toBeGreaterThan(49_990);
  const steps = points.map(({ step }) => step);
  expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
});

test('a copy that is given the same news in other pieces is the same', () => {
  const [whole, pieces]: [CurvePoint[], CurvePoint[]] = [[], []];
  for (let step = 1; step <= 7000; step++) {
    addPoints(whole, [at(step)]);
    if (step % 7 === 0)
      addPoints(
        pieces,
        Array.from({ length: 7 }, (_, more) => at(step - 6 + more)),
      );
  }
  expect(pieces.at(-1)).toEqual(whole.at(-1));
  expect(Math.abs(pieces.length - whole.length)).toBeLessThan(8);
});
