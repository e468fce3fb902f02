// A trial from wherever it stands: begun, broken off, done, failed, another's.
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TrainingCallback } from '@gankit/core';
import { lockFolder } from '@gankit/core/node';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WrittenSweep } from '../sweep.ts';
import {
  openSweep,
  readOutcome,
  reportSweep,
  runFolderOf,
  runTrial,
  type SweepFile,
  saveSweep,
  sweepStatus,
  trialExitCode,
} from './index.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gankit-sweeps-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const written = (changes: Partial<WrittenSweep> = {}): WrittenSweep => ({
  format: 'gankit-sweep',
  version: 1,
  base: {
    data: { name: 'ring' },
    batchSize: 16,
    generator: { name: 'mlp', latentSize: 3, hidden: [8] },
    discriminator: { name: 'mlp', hidden: [8] },
    stopping: { steps: 12 },
    metrics: [{ name: 'mode-coverage', samples: 64 }],
    measureEvery: 5,
    checkpoints: { every: 4 },
  },
  vary: [{ name: 'loss', paths: ['loss'], values: [{ name: 'non-saturating' }, { name: 'hinge' }] }],
  seeds: [1, 2],
  goal: { metric: 'mode-coverage.highQualityShare', better: 'higher' },
  backend: 'cpu',
  ...changes,
});
const saved = (name: string, changes?: Partial<WrittenSweep>) =>
  saveSweep(join(folder, `${name}.json`), written(changes));

const generatorOf = async (file: SweepFile, run: number) =>
  (await readFile(join(runFolderOf(file, run), 'generator', 'generator.safetensors'))).toString('base64');
const measurementsOf = (file: SweepFile, run: number) =>
  readFile(join(runFolderOf(file, run), 'measurements.jsonl'), 'utf8');

/** Stops a trial after a step. */
function stopAfter(step: number): { readonly signal: AbortSignal; readonly callbacks: readonly TrainingCallback[] } {
  const controller = new AbortController();
  const stop: TrainingCallback = (event) => {
    if (event.type === 'step' && event.step >= step) controller.abort();
  };
  return { signal: controller.signal, callbacks: [stop] };
}

let plain: SweepFile;
beforeAll(async () => {
  plain = await saved('plain');
  for (let index = 0; index < 4; index++) {
    const { state, message } = await runTrial(plain, index);
    expect(state, message).toBe('done');
  }
}, 60_000);

describe('a trial', () => {
  it('leaves a run with its seed and its recipe, an outcome beside it, and no tensors', async () => {
    const tensors = tf.memory().numTensors;
    const file = await saved('leaves');
    expect(await runTrial(file, 3)).toMatchObject({ state: 'done', retry: false, outcome: { step: 12 } });
    expect(tf.memory().numTensors).toBe(tensors);
    const recipe = JSON.parse(await readFile(join(runFolderOf(file, 3), 'recipe.json'), 'utf8'));
    expect(recipe).toMatchObject({ seed: 2, loss: { name: 'hinge' } });
    const { step, ...numbers } = JSON.parse((await measurementsOf(file, 3)).trimEnd().split('\n').at(-1)!);
    expect(step).toBe(12);
    expect((await readOutcome(file, 3))?.numbers).toEqual(numbers);
    expect(await generatorOf(file, 3)).toBe(await generatorOf(plain, 3));
  });

  it('that is done is left alone', async () => {
    const before = await readFile(join(runFolderOf(plain, 0), 'metrics.jsonl'));
    const result = await runTrial(plain, 0);
    expect(result).toMatchObject({ state: 'done', message: 'It was done before; nothing was left to do.' });
    expect(trialExitCode(result)).toBe(0);
    expect((await readFile(join(runFolderOf(plain, 0), 'metrics.jsonl'))).equals(before)).toBe(true);
  });

  it.each([1, 5, 11])('stopped after step %i goes on to the bytes of an unbroken one', async (step) => {
    const file = await saved(`stopped-${step}`);
    const stopped = await runTrial(file, 1, stopAfter(step));
    expect(stopped).toMatchObject({ state: 'stopped', retry: true });
    expect((await sweepStatus(file)).runs[1]).toMatchObject({ state: 'begun', step, steps: 12 });
    expect(await runTrial(file, 1)).toMatchObject({ state: 'done' });
    expect(await generatorOf(file, 1)).toBe(await generatorOf(plain, 1));
    expect(await measurementsOf(file, 1)).toBe(await measurementsOf(plain, 1));
    expect(await readOutcome(file, 1)).toEqual(await readOutcome(plain, 1));
  });

  it('whose process died between its last step and its outcome is done without a step', async () => {
    const file = await saved('died');
    await runTrial(file, 0);
    const before = await readOutcome(file, 0);
    await rm(join(file.folder, '0000.json'));
    expect(await runTrial(file, 0)).toMatchObject({ state: 'done' });
    expect(await readOutcome(file, 0)).toEqual(before);
  });

  it('that another process trains is busy, and an engine is told to try again', async () => {
    const file = await saved('busy');
    await runTrial(file, 0, stopAfter(2));
    const held = await lockFolder(runFolderOf(file, 0), { activity: 'training' });
    const result = await runTrial(file, 0);
    expect(result).toMatchObject({ state: 'busy', retry: true });
    expect(result.message).toMatch(/^Process \d+ on '.*' has been training in /);
    expect(trialExitCode(result)).toBe(75);
    expect((await sweepStatus(file)).runs[0]).toMatchObject({
      state: 'running',
      where: expect.stringContaining('process '),
    });
    await held.release();
    expect(await runTrial(file, 0)).toMatchObject({ state: 'done' });
  });

  it('asked for by many at once is trained by one of them', async () => {
    const file = await saved('many');
    const results = await Promise.all(Array.from({ length: 4 }, () => runTrial(file, 0)));
    expect(results.map(({ state }) => state).filter((state) => state === 'done')).toHaveLength(1);
    expect(results.every(({ state }) => ['done', 'busy', 'unavailable'].includes(state))).toBe(true);
    expect(await generatorOf(file, 0)).toBe(await generatorOf(plain, 0));
  });

  it('that cannot be trained fails once, keeps its reason, and is begun anew only when asked', async () => {
    // What it needs the data do not have: found out when they are open.
    const file = await saved('failing', {
      vary: [{ name: 'told', paths: ['conditioning'], values: [[], [{ name: 'images' }]] }],
      seeds: [1],
    });
    const first = await runTrial(file, 1);
    expect(first).toMatchObject({ state: 'failed', retry: false });
    expect(first.message).toContain("needs pairs of images, and 'ring' has none");
    expect(trialExitCode(first)).toBe(1);
    expect(await runTrial(file, 1)).toEqual(first);
    expect(existsSync(runFolderOf(file, 1))).toBe(false);
    expect(await runTrial(file, 1, { retryFailed: true })).toEqual(first);
    await runTrial(file, 0);
    expect(await reportSweep(file)).toMatchObject({ runs: { all: 2, done: 1, failed: 1, open: 0 } });
  });

  it('whose numbers become NaN is failed, with the step', async () => {
    const file = await saved('diverging', {
      vary: [{ name: 'rate', paths: ['optimizers.generator'], values: [{ name: 'sgd', learningRate: 1e38 }] }],
      seeds: [1],
    });
    const result = await runTrial(file, 0);
    expect(result).toMatchObject({ state: 'failed', retry: false });
    expect((await readOutcome(file, 0))?.reason).toBe(result.message);
  });

  it('of a sweep that was changed since is refused, and its run left as it is', async () => {
    const file = await saved('changed');
    await runTrial(file, 0, stopAfter(3));
    const text = await readFile(file.path, 'utf8');
    await writeFile(file.path, text.replace('"batchSize": 16', '"batchSize": 8'));
    const result = await runTrial(await openSweep(file.path), 0);
    expect(result).toMatchObject({ state: 'failed', retry: false });
    expect(result.message).toContain('was begun by another recipe than');
    expect(result.message).toContain('batchSize was 16 and would be 8');
    await writeFile(file.path, text);
    expect(await runTrial(await openSweep(file.path), 0)).toMatchObject({ state: 'done' });
    expect(await generatorOf(file, 0)).toBe(await generatorOf(plain, 0));
  });

  it('without its data can be tried again', async () => {
    const file = await saved('missing', {
      base: { data: { name: 'pictures', path: join(folder, 'nothing') }, generator: { name: 'dcgan' } },
      vary: [],
      goal: undefined,
      seeds: [1],
    });
    expect(await runTrial(file, 0)).toMatchObject({ state: 'unavailable', retry: true });
    expect(await readOutcome(file, 0)).toBeUndefined();
  });
});

describe('halving', () => {
  const halving = { halving: { first: 4, factor: 2 } };

  it('only pauses: the best end in the bytes of runs that nobody paused', async () => {
    const file = await saved('halved', halving);
    expect(file.plan.trials).toBe(6);
    expect(await runTrial(file, 4)).toMatchObject({ state: 'waiting', retry: true });
    for (let index = 0; index < 4; index++) {
      expect(await runTrial(file, index)).toMatchObject({ state: 'done', outcome: { state: 'paused', step: 4 } });
    }
    const shares = (await reportSweep(file)).rows;
    for (let index = 4; index < 6; index++) expect(await runTrial(file, index)).toMatchObject({ state: 'done' });
    const best = shares[0]!.configuration;
    for (const seedIndex of [0, 1]) {
      const run = 2 * seedIndex + best;
      expect(await generatorOf(file, run)).toBe(await generatorOf(plain, run));
      expect(await measurementsOf(file, run)).toBe(await measurementsOf(plain, run));
    }
    const report = await reportSweep(file);
    expect(report.rows.map(({ steps, configuration }) => [steps, configuration])).toEqual([
      [12, best],
      [4, 1 - best],
    ]);
    expect(report.runs).toMatchObject({ done: 4, open: 0 });
    // A trial of the first rung is through, whatever its run has made since.
    expect(await runTrial(file, best)).toMatchObject({
      state: 'done',
      message: expect.stringContaining('nothing was left'),
    });
  });

  it('measures a rung that a process left without its outcome', async () => {
    const file = await saved('halved-died', halving);
    await runTrial(file, 0);
    const before = await readOutcome(file, 0);
    await rm(join(file.folder, '0000.json'));
    expect(await runTrial(file, 0)).toMatchObject({ state: 'done', outcome: before });
  });
});

it('a base extends what lies beside the sweep, and what that extends beside it', async () => {
  await mkdir(join(folder, 'parts, more'));
  await writeFile(join(folder, 'parts, more', 'game.yaml'), 'extends: [ring, sizes.json]\nloss: { name: hinge }\n');
  await writeFile(join(folder, 'parts, more', 'sizes.json'), '{"batchSize": 8}');
  const file = await saved('extends', { base: { extends: 'parts, more/game.yaml' }, vary: [], goal: undefined });
  expect(file.plan.configurations[0]!.recipe).toMatchObject({
    batchSize: 8,
    loss: { name: 'hinge' },
    data: { name: 'ring' },
  });
  // Written whole, so that it says the same wherever it lies.
  expect((await openSweep(file.path)).id).toBe(file.id);
  expect(await readFile(file.path, 'utf8')).not.toContain('extends');
  await expect(saved('code', { base: { extends: 'code.mjs' } })).rejects.toThrow('neither a named recipe nor a .json');
});

it('a sweep is never written over another, nor read from what is none', async () => {
  const file = await saved('kept');
  expect((await saved('kept')).id).toBe(file.id);
  await expect(saved('kept', { seeds: [7] })).rejects.toThrow('holds another sweep already');
  await writeFile(join(folder, 'letter.json'), '{"dear": 1}');
  await expect(saved('letter')).rejects.toThrow('holds something else already');
  await writeFile(join(folder, 'broken.json'), '{');
  await expect(openSweep(join(folder, 'broken.json'))).rejects.toThrow('is not JSON');
  await expect(openSweep(join(folder, 'nowhere.json'))).rejects.toThrow('cannot be read');
  await expect(openSweep(join(folder, 'sweep.yaml'))).rejects.toThrow('A sweep is a .json file');
  await writeFile(join(file.folder, '0000.json').replace('kept', 'plain'), '{"state": "fine"}');
  await expect(readOutcome(plain, 0)).rejects.toThrow('is not the outcome of a run');
  await expect(runTrial(plain, 4)).rejects.toThrow('there is no trial 4');
});
