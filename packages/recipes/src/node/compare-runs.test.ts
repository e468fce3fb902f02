import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Recipe } from '../index.ts';
import { compareRuns, openRun, planRun } from './index.ts';

const recipe = (changes: Recipe): Recipe => ({
  data: { name: 'ring' },
  batchSize: 16,
  generator: { name: 'mlp', latentSize: 3, hidden: [8] },
  discriminator: { name: 'mlp', hidden: [8] },
  stopping: { steps: 4 },
  metrics: [{ name: 'mode-coverage', samples: 32 }],
  ...changes,
});

test('two runs are told apart by recipe and results, and the same run twice is the same', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gankit-compare-'));
  const path = (name: string) => join(folder, name);
  const train = async (name: string, changes: Recipe = {}) => {
    const run = await openRun(await planRun(recipe(changes), { backend: 'cpu' }), { folder: path(name) });
    await run.train();
    await run.close();
  };
  try {
    await train('a');
    await train('again');
    await train('b', { loss: { name: 'hinge' }, seed: 2, stopping: { steps: 6 }, metrics: [] });
    const same = await compareRuns(path('a'), path('again'));
    expect(same).toMatchObject({ recipe: [], environment: [], steps: [4, 4], sameGenerator: true });
    expect(same.numbers.map(({ name }) => name)).toContain('mode-coverage.modesFound');
    expect(same.numbers.every(({ values: [first, second] }) => first === second)).toBe(true);
    const other = await compareRuns(path('a'), path('b'));
    expect(other).toMatchObject({ folders: [path('a'), path('b')], steps: [4, 6], sameGenerator: false });
    const at = (place: string) => other.recipe.find((difference) => difference.path === place);
    expect(at('loss')).toEqual({ path: 'loss', before: 'non-saturating', after: 'hinge' });
    expect(at('seed')).toEqual({ path: 'seed', before: '1', after: '2' });
    expect(at('stopping.steps')).toEqual({ path: 'stopping.steps', before: '4', after: '6' });
    expect(at('batchSize')).toBeUndefined();
    expect(other.numbers[0]?.values[1]).toBeUndefined();
    await expect(compareRuns(path('a'), path('nowhere'))).rejects.toThrow('There is no run in');
  } finally {
    await rm(folder, { recursive: true });
  }
});
