import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { changeBetween } from '@gankit/metrics';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readRecipe } from '../read-recipe.ts';
import { evaluateSamples } from './evaluate-samples.ts';
import { planRun } from './plan-run.ts';
import { openRun } from './train-run.ts';

let folder = '';
const path = (name: string) => join(folder, name);

async function trainedRun(name: string, conditioning: readonly { readonly name: string }[]): Promise<void> {
  const small = { name: 'mlp', hidden: [8, 8] };
  const recipe = await readRecipe({
    data: { name: 'ring', modes: 4 },
    batchSize: 8,
    generator: { ...small, latentSize: 2 },
    discriminator: small,
    conditioning,
    metrics: [],
    stopping: { steps: 3 },
  });
  const open = await openRun(await planRun(recipe, { backend: 'cpu' }), { folder: path(name) });
  await open.train();
  await open.close();
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gankit-evaluate-'));
  await trainedRun('plain', []);
  await trainedRun('told', [{ name: 'concatenation' }]);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('an evaluation of a run', () => {
  it('is by its own data, by what suits them, and the same each time', async () => {
    const tensors = tf.memory().numTensors;
    const onProgress = vi.fn();
    const found = await evaluateSamples({ judged: path('plain'), samples: 300, onProgress });
    expect(found).toMatchObject({
      reference: { name: 'ring', samples: 300, shape: [2] },
      generated: { name: `${path('plain')} at step 3`, samples: 300 },
      extractor: { name: 'values' },
      seed: 1,
    });
    expect(Object.keys(found.numbers).map((name) => name.split('.')[0])).toEqual(
      expect.arrayContaining(['fid', 'kid', 'prdc', 'modes']),
    );
    expect(found.numbers['modes.modes']).toBe(4);
    expect(onProgress).toHaveBeenCalledWith('Features of ring', 300, 300);
    expect(await evaluateSamples({ judged: path('plain'), samples: 300 })).toEqual(found);
    const other = await evaluateSamples({ judged: path('plain'), samples: 300, seed: 2 });
    expect(other.numbers['fid.distance']).not.toBe(found.numbers['fid.distance']);
    expect(tf.memory().numTensors).toBe(tensors);
  });

  it('judges classes where the generator is told them', async () => {
    const { numbers } = await evaluateSamples({ judged: path('told'), samples: 200 });
    // The real classes lie apart, and those of a generator after three steps do not.
    expect(numbers['classes.realAccuracy']).toBe(1);
    expect(numbers['classes.ganTest']).toBeLessThan(0.9);
  });

  it('finds the features of the data in the cache, and gives the same numbers by them', async () => {
    const options = { judged: path('plain'), samples: 150, metrics: ['fid', 'modes'] as const, cache: path('cache') };
    const first = await evaluateSamples(options);
    const [file] = await readdir(path('cache'));
    expect(file).toMatch(/\.safetensors$/);
    const onProgress = vi.fn();
    const second = await evaluateSamples({ ...options, onProgress });
    expect(second).toEqual(first);
    expect(onProgress.mock.calls.some(([what]) => what === 'Features of ring')).toBe(false);
    expect(changeBetween(first, second)).toMatchObject({ 'fid.distance': 0 });
  });

  it('can be given up', async () => {
    const stop = new AbortController();
    const going = evaluateSamples({
      judged: path('plain'),
      samples: 5000,
      signal: stop.signal,
      onProgress: () => stop.abort(new Error('no more')),
    });
    await expect(going).rejects.toThrow('no more');
  });

  it('says what is wrong', async () => {
    await expect(evaluateSamples({ judged: path('nothing') })).rejects.toThrow(/neither of a run nor of pictures/);
    await expect(evaluateSamples({ judged: path('plain'), against: { name: 'rung' } })).rejects.toThrow("'ring'");
    await expect(evaluateSamples({ judged: path('plain'), against: { name: 'mnist', split: 'test' } })).rejects.toThrow(
      /makes samples of shape \[2\], and 'mnist' holds images of shape \[28, 28, 1\]/,
    );
    await expect(evaluateSamples({ judged: path('plain'), samples: 1 })).rejects.toThrow('samples');
  });
});
