import { describe, expect, it } from 'vitest';
import { configurationsIn, type Outcome, type Outcomes } from './outcome.ts';
import { readSweep } from './read-sweep.ts';
import { spreadOf, sweepReport } from './report.ts';
import { reportMarkdown, reportText } from './report-text.ts';

const goal = { metric: 'mode-coverage.modesFound', better: 'higher' } as const;
const sweep = {
  format: 'gankit-sweep',
  version: 1,
  base: { extends: 'ring', stopping: { steps: 900 } },
  vary: [{ name: 'loss', paths: ['loss'], values: [{ name: 'minimax' }, { name: 'hinge' }, { name: 'wasserstein' }] }],
  seeds: [1, 2],
  goal,
} as const;
const done = (modesFound: number, step = 900): Outcome => ({
  state: 'done',
  step,
  reason: 'All steps were made.',
  numbers: { 'mode-coverage.modesFound': modesFound, 'mode-coverage.highQualityShare': modesFound / 8 },
  rungs: [],
});
const failed: Outcome = { state: 'failed', step: 3, reason: 'It became NaN.', numbers: {}, rungs: [] };
const paused = (...modes: readonly number[]): Outcome => {
  const rungs = modes.map((found, rung) => ({ step: 100 * 3 ** rung, numbers: { [goal.metric]: found } }));
  const { step, numbers } = rungs.at(-1)!;
  return { state: 'paused', step, reason: 'Paused.', numbers, rungs };
};
const outcomes = (...list: readonly (Outcome | undefined)[]): Outcomes =>
  new Map(list.flatMap((outcome, run) => (outcome === undefined ? [] : [[run, outcome] as const])));

it('spreads: the mean and the standard deviation with n - 1, as statistics.stdev of Python has it', () => {
  // python3 -c "import statistics as s; x=[2,4,4,4,5,5,7,9]; print(s.mean(x), s.stdev(x))"
  expect(spreadOf([2, 4, 4, 4, 5, 5, 7, 9])).toEqual({ mean: 5, deviation: 2.138089935299395, count: 8 });
  expect(spreadOf([3])).toEqual({ mean: 3, count: 1 });
});

describe('a report', () => {
  it('ranks by the goal, and tells of failures and of what is not over', async () => {
    const plan = await readSweep(sweep);
    // Runs 0 to 2 are the first seed of each loss, 3 to 5 the second.
    const report = sweepReport(plan, outcomes(done(4), done(8), failed, done(6), undefined, failed));
    expect(report.runs).toEqual({ all: 6, done: 3, failed: 2, open: 1 });
    expect(reportText(report)).toBe(
      [
        'loss         seeds             modesFound  highQualityShare',
        '-----------  ----------------  ----------  ----------------',
        'hinge        1 of 2                     8                 1',
        'minimax      2                   5 ± 1.41     0.625 ± 0.177',
        'wasserstein  0 of 2, 2 failed           -                 -',
        '',
        'Mean over the seeds ± their standard deviation.',
        'Best first: mode-coverage.modesFound, higher is better.',
        '1 of 6 runs are not over yet.',
        'Failed (wasserstein): It became NaN.',
        '',
      ].join('\n'),
    );
    expect(reportMarkdown(report)).toContain(
      [
        '| loss | seeds | modesFound | highQualityShare |',
        '|---|---|---:|---:|',
        '| hinge | 1 of 2 | 8 | 1 |',
        '| minimax | 2 | 5 ± 1.41 | 0.625 ± 0.177 |',
        '| wasserstein | 0 of 2, 2 failed | - | - |',
        '',
      ].join('\n'),
    );
  });

  it('of nothing, and of a sweep that is all failures, is a table', async () => {
    const plan = await readSweep(sweep);
    expect(reportText(sweepReport(plan, new Map()))).toContain('6 of 6 runs are not over yet.');
    const all = reportText(sweepReport(plan, outcomes(failed, failed, failed, failed, failed, failed)));
    expect(all).toContain('minimax      0 of 2, 2 failed\n');
  });

  it('ends in the same table in whatever order runs are over', async () => {
    const plan = await readSweep(sweep);
    const runs = [done(1), done(2), done(3), done(4), done(5), done(6)].map((run, index) => [index, run] as const);
    const forward = sweepReport(plan, new Map(runs));
    expect(sweepReport(plan, new Map([...runs].reverse()))).toEqual(forward);
  });
});

describe('halving', () => {
  const halved = { ...sweep, halving: { first: 100, factor: 3 } };

  it('lets the best go on: the mean over seeds, those that failed last, the lower number of two alike', async () => {
    const plan = await readSweep(halved);
    const ranked = (...list: readonly (Outcome | undefined)[]) => configurationsIn(plan, 1, outcomes(...list));
    expect(plan.rungs.map(({ configurations }) => configurations)).toEqual([3, 1]);
    expect(ranked(paused(4), paused(5), paused(1), paused(4), paused(5), paused(8))).toEqual([1]);
    expect(ranked(paused(5), paused(5), paused(5), paused(5), paused(5), paused(5))).toEqual([0]);
    expect(ranked(paused(2), paused(8), paused(1), paused(2), failed, paused(1))).toEqual([0]);
    expect(ranked(failed, failed, failed, failed, failed, failed)).toEqual([0]);
    expect(ranked(paused(2), paused(8), paused(1), paused(2), undefined, paused(1))).toBeUndefined();
    // One that has gone on already is ranked by what it measured then.
    expect(
      ranked({ ...done(0), rungs: paused(9).rungs }, paused(8), paused(1), paused(9), paused(8), paused(1)),
    ).toEqual([0]);
  });

  it('is reported with steps, those that went further first', async () => {
    const plan = await readSweep(halved);
    const whole = { ...done(3), rungs: paused(9).rungs };
    const text = reportText(sweepReport(plan, outcomes(paused(7), whole, paused(1), paused(5), whole, paused(2))));
    expect(text.split('\n').slice(0, 5)).toEqual([
      'loss         seeds  steps   modesFound  highQualityShare',
      '-----------  -----  -----  -----------  ----------------',
      'hinge        2        900        3 ± 0         0.375 ± 0',
      'minimax      2        100     6 ± 1.41                 -',
      'wasserstein  2        100  1.5 ± 0.707                 -',
    ]);
  });
});
