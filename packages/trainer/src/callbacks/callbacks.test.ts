import type { Network, StepEvent, TrainingEvent } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';
import { type EarlyStoppingOptions, earlyStopping } from './early-stopping.ts';
import { everySteps } from './every-steps.ts';
import { followRun } from './follow-run.ts';
import { progressMeter, type RunProgress } from './progress-meter.ts';

const step = (number: number, samplesSeen = number * 10): StepEvent => ({
  type: 'step',
  step: number,
  penalties: {},
  discriminatorUpdates: 1,
  generatorUpdates: 1,
  samplesSeen,
});

async function* run(from: number, to: number): AsyncGenerator<TrainingEvent> {
  yield { type: 'start', step: from, steps: to };
  for (let number = from + 1; number <= to; number++) yield step(number);
  yield { type: 'end', step: to, reason: 'completed' };
}

test('followRun waits for each callback in turn', async () => {
  const order: string[] = [];
  const slow = async ({ type }: TrainingEvent) => {
    await new Promise((resolve) => setTimeout(resolve, 1));
    order.push(`slow ${type}`);
  };
  const end = await followRun(run(0, 1), [slow, ({ type }) => void order.push(`fast ${type}`)]);
  expect(end).toEqual({ type: 'end', step: 1, reason: 'completed' });
  expect(order).toEqual(['slow start', 'fast start', 'slow step', 'fast step', 'slow end', 'fast end']);
});

test('everySteps acts at multiples and at the end, once each', async () => {
  const acted = async (from: number, to: number) => {
    const steps: number[] = [];
    await followRun(run(from, to), [everySteps(3, (number) => void steps.push(number))]);
    return steps;
  };
  expect(await acted(0, 7)).toEqual([3, 6, 7]);
  expect(await acted(0, 6)).toEqual([3, 6]);
  expect(await acted(5, 6)).toEqual([6]);
});

describe('progressMeter', () => {
  test('averages over the last ten seconds', () => {
    let time = 0;
    const shown: RunProgress[] = [];
    const meter = progressMeter(
      (progress) => void shown.push(progress),
      () => time,
    );
    void meter({ type: 'start', step: 0, steps: 100 });
    // One slow step, then one a second.
    for (let number = 1; number <= 30; number++) {
      time = 99 + number;
      void meter(step(number));
    }
    expect(shown[0]!.stepsPerSecond).toBeCloseTo(1 / 100, 9);
    expect(shown[29]).toMatchObject({ stepsPerSecond: 1, samplesPerSecond: 10, secondsLeft: 70, total: 100 });
  });

  test('of a resumed run counts its own samples only', () => {
    let time = 0;
    let last: RunProgress | undefined;
    const meter = progressMeter(
      (progress) => {
        last = progress;
      },
      () => time,
    );
    void meter({ type: 'start', step: 50 });
    time = 2;
    void meter(step(51));
    expect(last!.samplesPerSecond).toBeCloseTo(5, 9);
    expect(last!.secondsLeft).toBeUndefined();
  });
});

describe('earlyStopping', () => {
  const stopping = (values: readonly number[], extra: Partial<EarlyStoppingOptions> = {}) => {
    const stopped: number[] = [];
    let at = 0;
    const part = earlyStopping({
      measure: (number) => {
        at = number;
        return values[number - 1]!;
      },
      better: 'lower',
      every: 1,
      patience: 2,
      stop: () => void stopped.push(at),
      ...extra,
    });
    return { part, stopped };
  };

  test('stops after as many measurements without a better one', async () => {
    const { part, stopped } = stopping([5, 4, 4, 3, Number.NaN, 3]);
    await followRun(run(0, 6), [part.onEvent]);
    expect(stopped).toEqual([6]);
    expect(part.best).toEqual({ step: 4, value: 3 });
  });

  test('a small change does not count, and higher can be better', async () => {
    const { part, stopped } = stopping([1, 1.05, 1.09, 9], { better: 'higher', minimumChange: 0.1 });
    await followRun(run(0, 3), [part.onEvent]);
    expect(stopped).toEqual([3]);
    expect(part.best).toEqual({ step: 1, value: 1 });
  });

  test('keeps the best weights, also over save and load', async () => {
    const variable = tf.variable(tf.scalar(0));
    const keep: Network = { name: 'generator', variables: [{ name: 'w', variable, trainable: true }], dispose() {} };
    const values = [2, 1, 3, 3];
    const measure = (number: number) => {
      variable.assign(tf.scalar(number));
      return values[number - 1]!;
    };
    const { part } = stopping(values, { keep, measure, patience: 9 });
    expect(() => part.restoreBest()).toThrow('no weights to put back');
    await followRun(run(0, 3), [part.onEvent]);
    const { part: resumed, stopped } = stopping(values, { keep, measure, patience: 2 });
    resumed.loadState(structuredClone(await part.saveState()));
    await followRun(run(3, 4), [resumed.onEvent]);
    expect(stopped).toHaveLength(1);
    expect(variable.dataSync()[0]).toBe(4);
    resumed.restoreBest();
    expect(variable.dataSync()[0]).toBe(2);
    variable.dispose();
  });
});
