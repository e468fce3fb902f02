import type { FindingEvent, FindingKind, GameObserver, PlayerNumbers, StepEvent } from '@gankit/core';
import { describe, expect, test } from 'vitest';
import { convergenceMonitor } from './convergence-monitor.ts';

type Numbers = Partial<StepEvent>;

const player = (numbers: Partial<PlayerNumbers>): PlayerNumbers => ({
  adversarialLoss: 0,
  objective: 0,
  penalties: {},
  fakeLogit: 0,
  ...numbers,
});
const generator = (numbers: Partial<PlayerNumbers>): Numbers => ({ generator: player(numbers) });
const diverse = (sampleDiversity: number): Numbers => generator({ sampleDiversity });
/** Scores of real samples, and of what the generator makes. */
const scores = (realScore: number, fakeScore: number): Numbers => ({
  discriminator: player({ realScore }),
  generator: player({ fakeScore }),
});

/** Plays events into a monitor, one step each, and returns what it found. */
function play(monitor: GameObserver, events: readonly Numbers[], from = 1): FindingEvent[] {
  return events.flatMap((numbers, index) => [
    ...monitor.observe({
      type: 'step',
      step: from + index,
      samplesSeen: 10 * (from + index),
      discriminatorUpdates: 1,
      generatorUpdates: 1,
      realSamples: 10,
      ...numbers,
    }),
  ]);
}

const repeat = (count: number, numbers: Numbers): Numbers[] => Array.from({ length: count }, () => numbers);
const accuracy = (value: number): Numbers => ({ accuracy: value });
const kinds = (found: readonly FindingEvent[]) =>
  found.map(({ finding, step }): [FindingKind, number] => [finding, step]);

describe('equilibrium', () => {
  test('is found once, when a whole window lies around one half, with the numbers', () => {
    const monitor = convergenceMonitor({ window: 10 });
    const found = play(monitor, [...repeat(20, accuracy(0.9)), ...repeat(40, accuracy(0.52))]);
    // In a window with n steps at .52 and the others at .9 the halves are equal only when n is 10.
    expect(found).toEqual([
      {
        type: 'finding',
        step: 30,
        finding: 'equilibrium',
        reason:
          'The discriminator was right about 52.0 % of the samples over the last 10 steps, 52.0 % in the first half of them and 52.0 % in the second.',
      },
    ]);
  });

  test('an accuracy that only passes through one half is none', () => {
    const falling = Array.from({ length: 100 }, (_, step) => accuracy(1 - step / 100));
    expect(play(convergenceMonitor({ window: 20 }), falling)).toEqual([]);
    // Slow enough, it is one.
    expect(kinds(play(convergenceMonitor({ window: 8 }), falling))).toEqual([['equilibrium', 50]]);
  });

  test('needs a discriminator that has led before: one that has not learned yet guesses as well', () => {
    const guessing = repeat(30, accuracy(0.5));
    expect(play(convergenceMonitor({ window: 10 }), guessing)).toEqual([]);
    // A little better than guessing, as by chance in the first steps, is no lead.
    const lucky = [...guessing, ...repeat(10, accuracy(0.6)), ...guessing];
    expect(play(convergenceMonitor({ window: 10 }), lucky)).toEqual([]);
    // From there on the two halves of the window, .54 and .50, are within the band of each other.
    const led = [...guessing, ...repeat(10, accuracy(0.7)), ...guessing];
    expect(kinds(play(convergenceMonitor({ window: 10 }), led))).toEqual([['equilibrium', 49]]);
  });

  test('comes again only after it has ended for a window', () => {
    const monitor = convergenceMonitor({ window: 4 });
    const half = repeat(8, accuracy(0.5));
    const lost = (steps: number) => repeat(steps, accuracy(1));
    // Two steps away from one half: the windows that hold them are 5 in a row, more than 4.
    expect(kinds(play(monitor, [...lost(4), ...half, ...lost(2), ...half]))).toEqual([
      ['equilibrium', 8],
      ['equilibrium', 18],
    ]);
    // The mean of .4 .4 .4 .9 is over the limit of .5, but only in one step.
    const lenient = convergenceMonitor({ window: 4, collapseShare: 0.5, referenceDiversity: 1 });
    const diversities = [0.4, 0.4, 0.4, 0.4, 0.9, 0.2, 0.2, 0.2, 0.2];
    expect(kinds(play(lenient, diversities.map(diverse)))).toEqual([['mode-collapse', 4]]);
  });

  test('is not found without accuracies', () => {
    expect(play(convergenceMonitor({ window: 3 }), repeat(9, scores(0.5, 0.5)))).toEqual([]);
  });
});

/** The gradient is watched in every other step. */
const watched = (count: number, numbers: Numbers, gradientNorm: number): Numbers[] =>
  Array.from({ length: count }, (_, step) =>
    step % 2 === 0 ? { ...numbers, generator: player({ ...numbers.generator, gradientNorm }) } : numbers,
  );

describe('a generator that learns nothing more', () => {
  test('too strong a discriminator: right about everything, and the gradient vanishes', () => {
    const strong = { ...accuracy(1), ...scores(1, 0) };
    const events = [...watched(10, strong, 4), ...watched(20, strong, 0.02)];
    const found = play(convergenceMonitor({ window: 6 }), events);
    expect(kinds(found)).toEqual([['discriminator-too-strong', 15]]);
    expect(found[0]!.reason).toBe(
      "The discriminator was right about 100.0 % of the samples over the last 6 steps, and the generator's gradient norm was 0.02, 0.5 % of the greatest it had (4).",
    );
    // With the same gradient as ever it is not too strong.
    expect(play(convergenceMonitor({ window: 6 }), watched(30, strong, 4))).toEqual([]);
  });

  test('useless feedback: everything scores the same, and the gradient is tiny', () => {
    const constant = { ...accuracy(0.7), ...scores(0.31, 0.3) };
    const events = [...watched(10, constant, 4), ...watched(20, constant, 0.02)];
    const found = play(convergenceMonitor({ window: 6 }), events);
    expect(kinds(found)).toEqual([['feedback-useless', 15]]);
    expect(found[0]!.reason).toContain('gave real samples 0.31 and generated ones 0.3 over the last 6 steps');
    const apart = { ...constant, ...scores(0.35, 0.3) };
    expect(play(convergenceMonitor({ window: 6 }), [...watched(10, apart, 4), ...watched(20, apart, 0.02)])).toEqual(
      [],
    );
  });

  test('useless feedback: what the generator makes passes for more real than the data', () => {
    const fooled = {
      ...accuracy(0.35),
      discriminator: player({ realScore: 0.7, fakeScore: 0.2 }),
      ...generator({ fakeScore: 1 }),
    };
    const found = play(convergenceMonitor({ window: 6 }), [...watched(10, fooled, 4), ...watched(20, fooled, 0.02)]);
    expect(kinds(found)).toEqual([['feedback-useless', 15]]);
    expect(found[0]!.reason).toContain('gave real samples 0.7 and generated ones 1 over');
  });
});

describe('mode collapse', () => {
  test('the diversity falls under a share of the greatest it had', () => {
    const events = [0.2, 0.5, 1, 1, 1, 0.2, 0.2, 0.2, 0.2, 0.2].map(diverse);
    const found = play(convergenceMonitor({ window: 2, collapseShare: 0.5 }), events);
    expect(found).toEqual([
      {
        type: 'finding',
        step: 7,
        finding: 'mode-collapse',
        reason: 'The diversity of the samples was 0.2 over the last 2 steps, 20.0 % of the greatest it had (1).',
      },
    ]);
  });

  test('or of that of the real data', () => {
    const monitor = convergenceMonitor({ window: 2, referenceDiversity: 2 });
    const found = play(monitor, repeat(5, diverse(0.5)));
    expect(kinds(found)).toEqual([['mode-collapse', 2]]);
    expect(found[0]!.reason).toContain('25.0 % of the reference (2)');
    expect(play(convergenceMonitor({ window: 2 }), repeat(5, diverse(Number.NaN)))).toEqual([]);
  });
});

test('saved and restored at any step, it finds the same', async () => {
  const strong = {
    ...accuracy(1),
    discriminator: player({ realScore: 1 }),
    ...generator({ fakeScore: 0, sampleDiversity: 1 }),
  };
  const events = [
    ...watched(7, strong, 4),
    ...watched(9, strong, 0.02),
    ...repeat(12, { ...accuracy(0.5), ...diverse(0.1) }),
    ...watched(9, strong, 0.02),
  ];
  const whole = play(convergenceMonitor({ window: 5 }), events);
  expect(new Set(whole.map(({ finding }) => finding)).size).toBe(3);
  expect(whole.length).toBeGreaterThan(3);
  for (let cut = 0; cut < events.length; cut++) {
    const first = convergenceMonitor({ window: 5 });
    const parts = play(first, events.slice(0, cut));
    const second = convergenceMonitor({ window: 5 });
    second.loadState(JSON.parse(JSON.stringify(await first.saveState())));
    expect([...parts, ...play(second, events.slice(cut), cut + 1)]).toEqual(whole);
  }
});

test('what makes no sense is refused', async () => {
  expect(() => convergenceMonitor({ window: 1 })).toThrow('window');
  expect(() => convergenceMonitor({ strongAccuracy: 0.2 })).toThrow('strongAccuracy');
  expect(() => convergenceMonitor({ referenceDiversity: 0 })).toThrow('referenceDiversity');
  const long = convergenceMonitor({ window: 9 });
  play(long, repeat(9, accuracy(1)));
  const state = await long.saveState();
  expect(() => convergenceMonitor({ window: 4 }).loadState(state)).toThrow('does not fit a window of 4 steps');
  expect(() => convergenceMonitor().loadState({})).toThrow('does not fit a window of 200 steps');
});
