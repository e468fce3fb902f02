import fc from 'fast-check';
import { expect, test } from 'vitest';
import { duration, progressLine } from './progress-line.ts';

const player = { penalties: {}, objective: 1, fakeLogit: 0 };
const event = {
  type: 'step',
  step: 1234,
  discriminator: { ...player, adversarialLoss: 1.2534, realScore: 0.53 },
  generator: { ...player, adversarialLoss: 0.81, fakeScore: 0.45 },
  accuracy: 0.68,
  discriminatorUpdates: 1,
  generatorUpdates: 1,
  realSamples: 64,
  samplesSeen: 1234 * 64,
} as const;
const facts = {
  step: 1234,
  total: 2000,
  event,
  unit: 'images',
  samplesPerSecond: 530.6,
  secondsLeft: 84.2,
  waiting: 0.03,
  memory: 4.1e8,
};

test('a wide terminal is told everything', () => {
  expect(progressLine(facts)).toBe(
    '███████░░░░░  1234/2000  1:24 left  531 images/s  D 1.253  G 0.810  D(x) 0.53  D(G(z)) 0.45  D right 68 %  3 % waiting for data  410 MB',
  );
});

test('80 columns hold what matters, and no line is wider than its terminal', () => {
  expect(progressLine(facts, 80)).toBe(
    '███████░░░░░  1234/2000  1:24 left  531 images/s  D 1.253  G 0.810  D right 68 %',
  );
  fc.assert(fc.property(fc.integer({ min: 9, max: 200 }), (columns) => progressLine(facts, columns).length <= columns));
});

test('what the loss has not is not there, and before the first step there is nothing to tell', () => {
  const { accuracy: _, discriminator: __, ...bare } = event;
  expect(progressLine({ ...facts, event: { ...bare, generator: { ...player, adversarialLoss: 1 } } }, 80)).not.toMatch(
    / D /,
  );
  expect(progressLine({ step: 0, total: 10, unit: 'points' })).toBe(
    '░░░░░░░░░░░░  0/10  first step  ? left  - points/s',
  );
});

test('times are read at a glance', () => {
  expect([0, 59.6, 61, 3600, 36_610, Number.NaN, undefined].map(duration)).toEqual([
    '0:00',
    '1:00',
    '1:01',
    '1:00:00',
    '10:10:10',
    '?',
    '?',
  ]);
});
