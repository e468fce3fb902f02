import fc from 'fast-check';
import { expect, test } from 'vitest';
import { curveCollector } from './curves.ts';

const event = (step: number, loss: number) => ({ step, discriminator: { adversarialLoss: loss, penalties: {} } });

test('few steps are told one by one', () => {
  const collector = curveCollector();
  for (const step of [1, 2, 3]) collector.add({ ...event(step, step * step), accuracy: 0.5 });
  expect(collector.curves()).toEqual([
    { name: 'accuracy', points: [1, 2, 3].map((step) => ({ step, mean: 0.5, least: 0.5, greatest: 0.5 })) },
    {
      name: 'discriminator.adversarialLoss',
      points: [1, 4, 9].map((mean, index) => ({ step: index + 1, mean, least: mean, greatest: mean })),
    },
  ]);
});

test('many steps keep their mean and their extremes, in bounded places', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 300 }), (losses) => {
      const collector = curveCollector({ places: 8 });
      losses.forEach((loss, index) => {
        collector.add(event(index + 1, loss));
      });
      const { points } = collector.curves().find(({ name }) => name === 'discriminator.adversarialLoss')!;
      expect(points.length).toBeLessThanOrEqual(8);
      // Equal widths, but for the last: the width is the smallest power of two that does.
      const width = 2 ** Math.max(0, Math.ceil(Math.log2(losses.length / 8)));
      points.forEach((point, place) => {
        const part = losses.slice(place * width, (place + 1) * width);
        expect(point.mean).toBeCloseTo(part.reduce((sum, loss) => sum + loss, 0) / part.length, 9);
        expect([point.least, point.greatest]).toEqual([Math.min(...part), Math.max(...part)]);
      });
    }),
    { numRuns: 50 },
  );
});

test('what is no number, no step and no penalty of a game is passed over', () => {
  const collector = curveCollector();
  const penalties = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`p${index}`, 1]));
  for (const step of [0, -1, 0.5, Number.NaN, '1', undefined, 2 ** 60]) collector.add({ step, accuracy: 1 });
  collector.add({ step: 1, accuracy: Number.NaN, discriminator: { penalties, realScore: null }, generator: 'x' });
  const names = collector.curves().map(({ name }) => name);
  expect(names).toHaveLength(32);
  expect(names[0]).toBe('discriminator.penalties.p0');
});

test('steps that were made again count once', () => {
  const collector = curveCollector();
  for (const [step, loss] of [
    [1, 1],
    [2, 2],
    [3, 99],
  ] as const)
    collector.add(event(step, loss));
  collector.forgetAfter(2);
  collector.add(event(3, 3));
  expect(collector.curves()[0]!.points.map(({ mean }) => mean)).toEqual([1, 2, 3]);
});
