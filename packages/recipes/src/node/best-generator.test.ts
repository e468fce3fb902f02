import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildConditionalGenerator } from '@gankit/conditional/registry';
import { loadGenerator } from '@gankit/models/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Recipe } from '../index.ts';
import { openRun, planResumedRun, planRun, runFolder } from './index.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gankit-best-'));
});
afterAll(() => rm(folder, { recursive: true }));
const path = (...parts: string[]) => join(folder, ...parts);

const plain: Recipe = {
  data: { name: 'ring' },
  batchSize: 16,
  generator: { name: 'mlp', latentSize: 3, hidden: [8] },
  discriminator: { name: 'mlp', hidden: [8] },
  optimizers: { generator: { name: 'adam', learningRate: 0.03 }, discriminator: { name: 'adam', learningRate: 0.03 } },
  stopping: { steps: 16 },
  metrics: [],
  checkpoints: { every: 3 },
};
const measured: Recipe = {
  ...plain,
  metrics: [
    { name: 'fid', samples: 100 },
    { name: 'prdc', samples: 50 },
  ],
  measureEvery: 2,
  best: { metric: 'fid.distance' },
};

async function play(name: string, recipe: Recipe): Promise<void> {
  const open = await openRun(await planRun(recipe, { backend: 'cpu' }), { folder: path(name) });
  await open.train();
  await open.close();
}

const textOf = (...parts: string[]) => readFile(path(...parts), 'utf8');

describe('the best generator of a run', () => {
  it('is that of the best measurement, and a run by itself', async () => {
    await play('measured', measured);
    const lines = (await textOf('measured', 'measurements.jsonl')).trimEnd().split('\n');
    const all = lines.map((line) => JSON.parse(line) as Record<string, number>);
    expect(all.map(({ step }) => step)).toEqual([2, 4, 6, 8, 10, 12, 14, 16]);
    const best = all.reduce((least, each) => (each['fid.distance']! < least['fid.distance']! ? each : least));
    expect(JSON.parse(await textOf('measured', 'best', 'best.json'))).toEqual({
      step: best['step'],
      metric: 'fid.distance',
      value: best['fid.distance'],
    });
    // The last one is another, so that this says something.
    expect(best['step']).toBeLessThan(16);
    const kept = await loadGenerator(runFolder(path('measured', 'best')).generator, buildConditionalGenerator);
    expect(kept.document.step).toBe(best['step']);
    kept.generator.dispose();
  });

  it('is not touched by being measured: the run ends in the bytes of one that measures nothing', async () => {
    await play('plain', plain);
    for (const name of ['generator.json', 'generator.safetensors']) {
      const file = join('generator', name);
      expect(await readFile(path('measured', file))).toEqual(await readFile(path('plain', file)));
    }
    expect(await readdir(path('plain'))).not.toContain('best');
  });

  it('is the same in a run that was broken off and resumed', async () => {
    const aborting = new AbortController();
    const open = await openRun(await planRun(measured, { backend: 'cpu' }), { folder: path('broken') });
    await open.train({
      signal: aborting.signal,
      callbacks: [(event) => void (event.type === 'step' && event.step === 11 && aborting.abort())],
    });
    await open.close();
    const again = await openRun(await planResumedRun(path('broken')));
    await again.train();
    await again.close();
    for (const file of ['best/best.json', 'best/generator/generator.safetensors', 'measurements.jsonl']) {
      expect(await textOf('broken', file)).toBe(await textOf('measured', file));
    }
  });

  it('is chosen by a metric that is measured', async () => {
    const other = { ...measured, best: { metric: 'kid.distance' } };
    await expect(play('other', other)).rejects.toThrow(
      "best goes by 'kid.distance', which is not among the recipe's metrics (fid, prdc)",
    );
    await expect(play('number', { ...measured, best: { metric: 'prdc.recal' } })).rejects.toThrow(
      /no number 'prdc.recal' to choose the best generator by.*prdc\.recall/,
    );
  });
});
