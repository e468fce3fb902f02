// A run that is broken off anywhere and gone on with ends as one that was not: log with findings, early stopping, several reads at once.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { selectBackend } from '@gankit/backends';
import { type GameObserver, RandomStream } from '@gankit/core';
import { ringOfGaussians } from '@gankit/data';
import { adam } from '@gankit/engine';
import { lecam, nonSaturating } from '@gankit/losses';
import { mlpDiscriminator, mlpGenerator } from '@gankit/models';
import { adaptiveSchedule, earlyStopping, everySteps, Trainer } from '@gankit/trainer';
import { Checkpoints, checkpointEvery, jsonLines } from '@gankit/trainer/node';
import { afterAll, beforeAll, expect, test } from 'vitest';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gankit-resumed-'));
  await selectBackend({ prefer: 'cpu', fallback: false });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Finds something at every seventh step. */
const finder: GameObserver = {
  name: 'finder',
  observe: ({ step }) => (step % 7 === 0 ? [{ type: 'finding', step, finding: 'equilibrium', reason: 'seven' }] : []),
};

/** Plays until early stopping ends it, or breaks off; measurements are worse and worse from step 30 on. */
async function play(name: string, readEvery: number, breakAt?: number, abort = false) {
  const random = new RandomStream(5);
  const generator = mlpGenerator({ outputShape: [2], hidden: [8], random });
  const trainer = new Trainer({
    generator,
    discriminator: mlpDiscriminator({ inputShape: [2], hidden: [8], random }),
    loss: nonSaturating(),
    penalties: [lecam({ interval: 3 })],
    schedule: adaptiveSchedule({ speed: 3 }),
    observers: [finder],
    optimizer: () => adam({ learningRate: 1e-3 }),
    readEvery,
    random,
  });
  const checkpoints = await Checkpoints.open({ folder: join(folder, name, 'checkpoints') });
  const log = await jsonLines(join(folder, name, 'log.jsonl'), { resume: true });
  const measured: number[] = [];
  const stopping = earlyStopping({
    measure: (step) => {
      measured.push(step);
      return Math.abs(step - 30);
    },
    better: 'lower',
    every: 5,
    patience: 3,
    keep: generator,
  });
  const controller = new AbortController();
  const weights: number[] = [];
  const look = everySteps(
    5,
    async (step) => void weights.push(step, (await generator.variables[0]!.variable.data())[0]!),
  );
  const data = ringOfGaussians().batches({ batchSize: 16, random });
  const callbacks = [log, look, stopping, checkpointEvery({ checkpoints, every: 1 })];
  let end = trainer.step;
  for await (const event of trainer.run(data, { until: 100, signal: controller.signal, callbacks })) {
    end = event.step;
    if (event.type !== 'step' || event.step !== breakAt) continue;
    if (!abort) break;
    controller.abort();
  }
  const first = await generator.variables[0]!.variable.data();
  const result = { end, measured, weights, best: stopping.best, first: [...first] };
  trainer.disposeParts();
  return { ...result, log: await readFile(join(folder, name, 'log.jsonl'), 'utf8') };
}

test.each([1, 4, 10])('reading every %i steps', async (readEvery) => {
  const whole = await play(`whole-${readEvery}`, readEvery);
  // Best nearest to 30; measured when the reading that holds a fifth step is over, at a multiple of both.
  expect(whole.best).toEqual(readEvery === 4 ? { step: 28, value: 2 } : { step: 30, value: 0 });
  expect(whole.log).toContain('"type":"finding"');
  for (const [breakAt, abort] of [
    [7, false],
    [12, true],
    [15, true],
    [21, false],
    [33, true],
  ] as const) {
    const name = `broken-${readEvery}-${breakAt}`;
    const before = await play(name, readEvery, breakAt, abort);
    const after = await play(name, readEvery);
    expect(after.log, name).toBe(whole.log);
    expect({ end: after.end, best: after.best, first: after.first }, name).toEqual({
      end: whole.end,
      best: whole.best,
      first: whole.first,
    });
    expect(before.end).toBeLessThan(whole.end);
  }
});

test('what is measured at a step has the weights of that step', async () => {
  const often = await play('often', 1);
  const seldom = await play('seldom', 10);
  const at = (weights: readonly number[], step: number) => weights[weights.indexOf(step) + 1];
  // The schedule sees the numbers of a step when it is read, so the games differ; the first reading is the same in both.
  expect(seldom.weights[0]).toBe(10);
  expect(at(seldom.weights, 10)).not.toBe(at(often.weights, 5));
  expect(seldom.measured.every((step) => step % 10 === 0)).toBe(true);
});
