import { type GameState, isStateful, type UpdateSchedule } from '@gankit/core';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { adaptiveSchedule } from './adaptive-schedule.ts';
import { alternatingEpochs } from './alternating-epochs.ts';
import { fixedSchedule } from './fixed-schedule.ts';
import { freezeDiscriminator } from './freeze-discriminator.ts';
import { simultaneousSchedule } from './simultaneous-schedule.ts';
import { warmUp } from './warm-up.ts';

const at = (step: number, game: Partial<GameState> = {}): GameState => ({
  step,
  samplesSeen: 10 * step,
  samplesPlayed: 10 * step,
  ...game,
});
const accuracy = (value: number) => ({ accuracy: value });
const player = (adversarialLoss: number) => ({
  adversarialLoss,
  objective: adversarialLoss,
  penalties: {},
  fakeLogit: 0,
});
const counts = (schedule: UpdateSchedule, game: GameState) => {
  const { discriminatorUpdates, generatorUpdates } = schedule(game);
  return [discriminatorUpdates, generatorUpdates];
};

test('a simultaneous schedule says so, with as many updates of both', () => {
  expect(simultaneousSchedule()(at(0))).toEqual({ discriminatorUpdates: 1, generatorUpdates: 1, simultaneous: true });
  expect(simultaneousSchedule({ updates: 3 })(at(9))).toMatchObject({ discriminatorUpdates: 3, generatorUpdates: 3 });
  expect(() => simultaneousSchedule({ updates: 0 })).toThrow('updates');
});

describe('alternatingEpochs', () => {
  test('one player stands still for whole epochs', () => {
    const schedule = alternatingEpochs({ samplesPerEpoch: 30, discriminatorEpochs: 2 });
    const learns = Array.from({ length: 12 }, (_, step) => (counts(schedule, at(step))[0] === 1 ? 'D' : 'G'));
    expect(learns.join('')).toBe('DDDDDDGGGDDD');
  });

  test('either may begin', () => {
    const schedule = alternatingEpochs({ samplesPerEpoch: 20, generatorEpochs: 2, first: 'generator' });
    const learns = Array.from({ length: 8 }, (_, step) => (counts(schedule, at(step))[0] === 1 ? 'D' : 'G'));
    expect(learns.join('')).toBe('GGGGDDGG');
  });

  test('a part of an epoch is refused', () => {
    expect(() => alternatingEpochs({ samplesPerEpoch: 0 })).toThrow('samplesPerEpoch');
    expect(() => alternatingEpochs({ samplesPerEpoch: 9, generatorEpochs: 0.5 })).toThrow('generatorEpochs');
  });
});

test('warm-up lets one player learn alone, then the schedule decides and sees nothing of what was before', () => {
  const asked: number[] = [];
  const inner = (game: GameState) => {
    asked.push(game.step);
    return { discriminatorUpdates: 2, generatorUpdates: 1 };
  };
  const schedule = warmUp(inner, { player: 'generator', steps: 2, updates: 3 });
  expect([0, 1, 2].map((step) => counts(schedule, at(step)))).toEqual([
    [0, 3],
    [0, 3],
    [2, 1],
  ]);
  expect(asked).toEqual([2]);
  expect(counts(warmUp(inner, { player: 'discriminator', steps: 1 }), at(0))).toEqual([1, 0]);
});

test('a frozen discriminator makes no updates after its step', () => {
  const schedule = freezeDiscriminator(alternatingEpochs({ samplesPerEpoch: 10 }), { after: 3 });
  expect([0, 1, 2, 3, 4].map((step) => counts(schedule, at(step)))).toEqual([
    [1, 0],
    [0, 1],
    [1, 0],
    [0, 1],
    [0, 1],
  ]);
  const both = freezeDiscriminator(simultaneousSchedule({ updates: 2 }), { after: 0 });
  expect(both(at(0))).toEqual({ discriminatorUpdates: 0, generatorUpdates: 2 });
});

describe('adaptiveSchedule', () => {
  test('follows the law of its docstring', () => {
    const schedule = adaptiveSchedule({ target: { discriminatorAccuracy: 0.8 }, smoothing: 0.5, speed: 2 });
    // No numbers yet: nothing moves.
    expect(counts(schedule, at(0))).toEqual([1, 1]);
    // average .6, balance 2 * .2 = .4; average .4, balance 1.2; average .7, balance 1.4; average .85, balance 1.3.
    expect(counts(schedule, at(1, accuracy(0.6)))).toEqual([1, 1]);
    expect(counts(schedule, at(2, accuracy(0.2)))).toEqual([2, 1]);
    expect(counts(schedule, at(3, accuracy(1)))).toEqual([2, 1]);
    expect(counts(schedule, at(4, accuracy(1)))).toEqual([2, 1]);
    for (let step = 5; step < 20; step++) schedule(at(step, accuracy(1)));
    // 1.3 less 2 * .2 in each of the 15 steps is about -4.6, clipped at -4.
    expect(counts(schedule, at(20, accuracy(1)))).toEqual([1, 5]);
  });

  test('a loss ratio above the target is a weak discriminator', () => {
    const ratio = () => adaptiveSchedule({ target: { lossRatio: 2 }, smoothing: 0, speed: 1 });
    const losses = (discriminatorLoss: number, generatorLoss: number) =>
      at(1, { discriminator: player(discriminatorLoss), generator: player(generatorLoss) });
    expect(counts(ratio(), losses(2 * Math.E ** 1.6, 1))).toEqual([3, 1]);
    expect(counts(ratio(), losses(2, 1))).toEqual([1, 1]);
    expect(counts(ratio(), losses(2, Math.E ** 2.4))).toEqual([1, 3]);
    expect(() => ratio()(losses(1, -0.5))).toThrow(
      'needs losses above 0, not 1 and -0.5; take discriminatorAccuracy as the target.',
    );
  });

  test('whatever it sees, it stays within its bounds', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 50 }),
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 3, max: 7 }),
        fc.double({ min: 0.01, max: 100, noNaN: true }),
        (seen, minimum, maximum, speed) => {
          const bounds = { minimum, maximum };
          const schedule = adaptiveSchedule({ discriminator: bounds, generator: bounds, speed });
          seen.forEach((value, step) => {
            const plan = counts(schedule, at(step, accuracy(value)));
            for (const updates of plan) {
              expect(Number.isInteger(updates)).toBe(true);
              expect(updates).toBeGreaterThanOrEqual(minimum);
              expect(updates).toBeLessThanOrEqual(maximum);
            }
            expect(Math.min(...(plan as [number, number]))).toBe(minimum);
          });
        },
      ),
    );
  });

  test('it brings a simulated game to its target', () => {
    const schedule = adaptiveSchedule({ target: { discriminatorAccuracy: 0.7 }, discriminator: { maximum: 9 } });
    let measured = 0.5;
    const late: number[] = [];
    for (let step = 0; step < 2000; step++) {
      const [k] = counts(schedule, at(step, accuracy(measured)));
      // A discriminator with k updates settles at an accuracy of .5 + .05 k: 4 of them give .7.
      measured += 0.05 * (0.5 + 0.05 * k! - measured);
      if (step >= 1500) late.push(measured);
    }
    expect(late.reduce((sum, value) => sum + value, 0) / late.length).toBeCloseTo(0.7, 1);
  });

  test('saved and restored through wrappers, it goes on as if nothing had happened', async () => {
    const make = () =>
      freezeDiscriminator(
        warmUp(adaptiveSchedule({ speed: 5, smoothing: 0.5 }), { player: 'discriminator', steps: 1 }),
        { after: 99 },
      );
    const seen = [0.3, 0.9, 0.5, 0.4, 0.6, 1, 1, 0.8];
    const unbroken = make();
    const whole = seen.map((value, step) => counts(unbroken, at(step, accuracy(value))));
    const [first, second] = [make(), make()];
    const parts = seen.slice(0, 4).map((value, step) => counts(first, at(step, accuracy(value))));
    if (!isStateful(first) || !isStateful(second)) throw new Error('the state was lost on the way');
    second.loadState(JSON.parse(JSON.stringify(await first.saveState())));
    seen.slice(4).forEach((value, index) => {
      parts.push(counts(second, at(4 + index, accuracy(value))));
    });
    expect(parts).toEqual(whole);
    expect(new Set(whole.map(String)).size).toBeGreaterThan(3);
    expect(isStateful(warmUp(fixedSchedule(), { player: 'generator', steps: 1 }))).toBe(false);
    expect(() => second.loadState({ values: { k: 1 } })).toThrow('needs a balance and an average, not {"k":1}');
  });

  test('options that make no sense are refused', () => {
    expect(() => adaptiveSchedule({ discriminator: { minimum: 0 } })).toThrow("The discriminator's minimum of updates");
    expect(() => adaptiveSchedule({ generator: { minimum: 3, maximum: 2 } })).toThrow("generator's maximum");
    expect(() => adaptiveSchedule({ smoothing: 1 })).toThrow('smoothing');
    expect(() => adaptiveSchedule({ target: { discriminatorAccuracy: 1 } })).toThrow('discriminatorAccuracy');
    expect(() => adaptiveSchedule({ target: { lossRatio: -1 } })).toThrow('lossRatio');
  });
});
