import type { EventHandler, Network, StepEvent, TrainingEvent } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';
import { type EarlyStoppingOptions, earlyStopping } from './early-stopping.ts';
import { everySteps } from './every-steps.ts';
import { progressMeter, type RunProgress } from './progress-meter.ts';

const step = (number: number, samplesSeen = number * 10): StepEvent => ({
  type: 'step',
  step: number,
  realSamples: 10,
  discriminatorUpdates: 1,
  generatorUpdates: 1,
  samplesSeen,
});

async function* run(from: number, to: number): AsyncGenerator<TrainingEvent> {
  yield { type: 'start', step: from, until: to };
  for (let number = from + 1; number <= to; number++) yield step(number);
  yield { type: 'end', step: to, reason: 'completed' };
}

/** Tells a handler of every event, as a trainer does that reads each step. */
async function tell(events: AsyncIterable<TrainingEvent>, handler: EventHandler, stop = () => {}): Promise<void> {
  for await (const event of events) {
    await handler(event, { step: event.step, stop, parts: {}, saveState: async () => ({}) });
  }
}

test('everySteps acts at multiples and at the end, once each', async () => {
  const acted = async (from: number, to: number) => {
    const steps: number[] = [];
    await tell(
      run(from, to),
      everySteps(3, (number) => void steps.push(number)),
    );
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
    void meter({ type: 'start', step: 0, until: 100 });
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
      ...extra,
    });
    const follow = (events: AsyncIterable<TrainingEvent>) => tell(events, part.onEvent, () => stopped.push(at));
    return { part, stopped, follow };
  };

  test('stops after as many measurements without a better one', async () => {
    const { part, stopped, follow } = stopping([5, 4, 4, 3, Number.NaN, 3]);
    await follow(run(0, 6));
    expect(stopped).toEqual([6]);
    expect(part.best).toEqual({ step: 4, value: 3 });
  });

  test('a small change does not count, and higher can be better', async () => {
    const { part, stopped, follow } = stopping([1, 1.05, 1.09, 9], { better: 'higher', minimumChange: 0.1 });
    await follow(run(0, 3));
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
    const { part, follow } = stopping(values, { keep, measure, patience: 9 });
    expect(() => part.restoreBest()).toThrow('no weights to put back');
    await follow(run(0, 3));
    const { part: resumed, stopped, follow: goOn } = stopping(values, { keep, measure, patience: 2 });
    resumed.loadState(structuredClone(await part.saveState()));
    await goOn(run(3, 4));
    expect(stopped).toHaveLength(1);
    expect(variable.dataSync()[0]).toBe(4);
    resumed.restoreBest();
    expect(variable.dataSync()[0]).toBe(2);
    variable.dispose();
  });
});

test('everySteps waits for the step whose weights are there, when several steps are told at once', async () => {
  const acted: number[] = [];
  const handler = everySteps(5, (number) => void acted.push(number));
  for (const made of [10, 20]) {
    for (let number = made - 9; number <= made; number++) {
      await handler(step(number), { step: made, stop() {}, parts: {}, saveState: async () => ({}) });
    }
  }
  expect(acted).toEqual([10, 20]);
});

test('early stopping does not count where a run was interrupted', async () => {
  const measured: number[] = [];
  const part = earlyStopping({ measure: (at) => measured.push(at), better: 'lower', every: 10 });
  await tell(
    (async function* () {
      yield { type: 'start', step: 0 };
      for (let number = 1; number <= 15; number++) yield step(number);
      yield { type: 'end', step: 15, reason: 'aborted' };
    })(),
    part.onEvent,
  );
  expect(measured).toHaveLength(1);
  expect(part.best).toEqual({ step: 10, value: 1 });
});

test('progress after a rollback is that of the steps that are made again', () => {
  let time = 0;
  const shown: RunProgress[] = [];
  const meter = progressMeter(
    (progress) => void shown.push(progress),
    () => time,
  );
  meter({ type: 'start', step: 0, until: 1000 });
  for (let number = 1; number <= 400; number++) meter(step(number));
  time = 5;
  meter({ type: 'rollback', from: 401, step: 100, learningRateFactor: 0.5, reason: 'NaN' });
  for (let number = 101; number <= 103; number++) {
    time++;
    meter(step(number, 4000 + 10 * (number - 100)));
    expect(shown.at(-1)).toMatchObject({ stepsPerSecond: 1, samplesPerSecond: 10 });
  }
});
