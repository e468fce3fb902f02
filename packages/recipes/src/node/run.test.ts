// A run in a folder: what it leaves, and that swaps and breaks end in the bytes of an unbroken one.
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventHandler } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Recipe, type ResolvedRecipe, resolveRecipe } from '../index.ts';
import { loadRecipe, openRun, planResumedRun, planRun, readRecord, runFolder } from './index.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gankit-recipes-'));
});
afterAll(() => rm(folder, { recursive: true }));
const path = (...parts: string[]) => join(folder, ...parts);

const recipe: Recipe = {
  data: { name: 'ring' },
  batchSize: 16,
  generator: { name: 'mlp', latentSize: 3, hidden: [8] },
  discriminator: { name: 'mlp', hidden: [8] },
  stopping: { steps: 12 },
  metrics: [{ name: 'mode-coverage', samples: 32 }],
  measureEvery: 4,
  pictures: { every: 6, count: 20 },
  checkpoints: { every: 3 },
  negatives: { name: 'replay', capacity: 32 },
  penalties: [{ name: 'lecam' }],
};
const other = (now: ResolvedRecipe): ResolvedRecipe => ({
  ...now,
  loss: { name: 'hinge' },
  optimizers: { ...now.optimizers, generator: { ...now.optimizers.generator, learningRate: 1e-4 } },
});

/** Plays a run until a step, or to its end; swaps after the given step. */
async function play(
  run: Awaited<ReturnType<typeof openRun>>,
  { until, swapAt }: { readonly until?: number; readonly swapAt?: number } = {},
): Promise<void> {
  const aborting = new AbortController();
  let swapped: Promise<unknown> | undefined;
  const watch: EventHandler = (event) => {
    if (event.type !== 'step') return;
    if (event.step === swapAt) swapped = run.swap(other(run.run.recipe));
    if (event.step === until) aborting.abort();
  };
  await run.train({ signal: aborting.signal, callbacks: [watch] });
  await swapped;
  await run.close();
}

/** Checks files of two runs against each other, one by one, so that a difference is short. */
function expectSame(
  a: Readonly<Record<string, string>>,
  b: Readonly<Record<string, string>>,
  names: readonly string[],
): void {
  expect(names.filter((name) => a[name] !== b[name])).toEqual([]);
}

const compared = [
  '/metrics.jsonl',
  '/measurements.jsonl',
  '/samples.png',
  '/recipe.json',
  '/run.json',
  '/generator/generator.safetensors',
];

/** Everything that a run leaves, by file; the record of its machine is not compared. */
async function left(name: string): Promise<Readonly<Record<string, string>>> {
  const files = await readdir(path(name), { recursive: true, withFileTypes: true });
  const contents = files.flatMap((file) => {
    const of = join(file.parentPath, file.name);
    return file.isFile() ? [readFile(of).then((bytes) => [of.slice(path(name).length), bytes.toString('base64')])] : [];
  });
  return Object.fromEntries(await Promise.all(contents));
}

const begun = async (name: string) => openRun(await planRun(recipe, { backend: 'cpu' }), { folder: path(name) });
const resumed = async (name: string) => openRun(await planResumedRun(path(name)));

describe('a run in a folder', () => {
  it('leaves its recipe, its record, numbers, measurements, pictures, the generator and checkpoints', async () => {
    const tensors = tf.memory().numTensors;
    await play(await begun('plain'));
    expect(tf.memory().numTensors).toBe(tensors);
    expect((await readdir(path('plain'))).sort()).toEqual(
      [
        'checkpoints',
        'generator',
        'measurements.jsonl',
        'metrics.jsonl',
        'recipe.json',
        'run.json',
        'samples',
        'samples.png',
      ].sort(),
    );
    const lines = (await readFile(path('plain', 'measurements.jsonl'), 'utf8')).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).step)).toEqual([4, 8, 12]);
    expect(Object.keys(JSON.parse(lines[0]!))).toEqual([
      'step',
      'mode-coverage.modesFound',
      'mode-coverage.highQualityShare',
      'mode-coverage.reverseKl',
    ]);
    // The recipe that it leaves is a recipe, and repeats it.
    const again = await loadRecipe(path('plain', 'recipe.json'));
    await play(await openRun(await planRun(again, { backend: 'cpu' }), { folder: path('again') }));
    expectSame(await left('again'), await left('plain'), Object.keys(await left('plain')));
  });

  it.each([1, 4, 7, 11])('broken off after step %i and resumed, ends in the same bytes', async (step) => {
    await play(await begun(`broken-${step}`), { until: step });
    await play(await resumed(`broken-${step}`));
    expectSame(await left(`broken-${step}`), await left('plain'), compared);
  });
});

describe('a swap in a folder', () => {
  it.each([2, 5, 6, 9])('is repeated by a run that is broken off after step %i', async (step) => {
    await play(await begun(`swapped-${step}`), { swapAt: 5 });
    const { recipes } = await readRecord(runFolder(path(`swapped-${step}`)));
    expect(recipes.map(({ after, recipe: { loss } }) => [after, loss.name])).toEqual([
      [0, 'non-saturating'],
      [5, 'hinge'],
    ]);
    expect(await readFile(path(`swapped-${step}`, 'metrics.jsonl'), 'utf8')).toContain(
      '{"type":"swap","step":5,"changed":["loss","optimizers.generator"]}\n',
    );
    // A run that was swapped, and is then broken off before or after the swap.
    await play(await begun(`both-${step}`), { swapAt: 5, until: Math.max(step, 5) });
    // One that goes on from a checkpoint before the swap finds it in the record.
    if (step < 5) {
      for (const name of await readdir(path(`both-${step}`, 'checkpoints'))) {
        if (Number(name.slice(5)) > 3) await rm(path(`both-${step}`, 'checkpoints', name), { recursive: true });
      }
    }
    await play(await resumed(`both-${step}`));
    expectSame(await left(`both-${step}`), await left(`swapped-${step}`), compared);
  });

  it('is asked for when a run is resumed, and what makes it another run is refused', async () => {
    await play(await begun('changed'), { until: 6 });
    const plan = await planResumedRun(path('changed'), {
      change: (now) => other({ ...now, stopping: { ...now.stopping, steps: 14 } }),
    });
    expect(plan.notes.join('\n')).toContain(
      'Changed from step 6 on: loss was non-saturating and is now hinge; optimizers.generator.learningRate was 0.001 and is now 0.0001; stopping.steps was 12 and is now 14.',
    );
    await play(await openRun(plan));
    const lines = (await readFile(path('changed', 'metrics.jsonl'), 'utf8')).trimEnd().split('\n');
    expect(JSON.parse(lines[6]!)).toMatchObject({ type: 'swap', step: 6 });
    expect(JSON.parse(lines.at(-1)!)).toMatchObject({ step: 14 });
    await expect(planResumedRun(path('changed'), { change: (now) => ({ ...now, batchSize: 3 }) })).rejects.toThrow(
      'cannot go on as another one: batchSize was 16 and would be 3',
    );
    await expect(
      planResumedRun(path('changed'), { change: (now) => ({ ...now, stopping: { ...now.stopping, steps: 3 } }) }),
    ).rejects.toThrow('cannot be shortened to 3');
  });
});

describe('records and recipes from anywhere', () => {
  it('are refused with one sentence', async () => {
    await mkdir(path('odd'));
    const file = async (name: string, text: string) => {
      await writeFile(path('odd', name), text);
      return path('odd', name);
    };
    const expectRefused = (name: string, message: string) => expect(loadRecipe(name)).rejects.toThrow(message);
    await expectRefused('wgan-pg', "There is no recipe named 'wgan-pg'; did you mean 'wgan-gp'?");
    await expectRefused(path('odd', 'nothing.json'), 'cannot be read');
    await expectRefused(await file('a.json', '{'), 'is not JSON');
    await expectRefused(await file('a.yaml', 'loss: [name'), 'is not YAML');
    await expectRefused(await file('a.txt', 'x'), 'A recipe is a .json, .yaml');
    await expectRefused(await file('b.json', '{"extends": "wgan-pg"}'), "did you mean 'wgan-gp'?");
    await expectRefused(await file('c.json', '{"extends": "c.json"}'), 'a circle');
    await expectRefused(
      await file('d.json', '{"extends": "code.mjs"}'),
      'neither a named recipe nor a .json or .yaml file',
    );
    await expectRefused(await file('e.json', ' '.repeat(2_000_000)), 'no recipe is longer');
    await expectRefused(await file('f.mjs', 'export const x = ;'), 'cannot be imported');
    expect(await loadRecipe(await file('g.yaml', 'extends: ring\nloss: { name: hinge }\n'))).toMatchObject({
      loss: { name: 'hinge' },
      batchSize: 128,
    });
    expect(await loadRecipe(await file('h.mjs', 'export default { seed: 7 };'))).toEqual({ seed: 7 });
  });

  it('a hostile record is refused, and nothing in it is run', async () => {
    await play(await begun('record'), { until: 1 });
    const whole = JSON.parse(await readFile(path('record', 'run.json'), 'utf8'));
    for (const [change, message] of [
      [{ version: 9 }, 'has version 9'],
      [{ recipes: [] }, 'is not the record of a run'],
      [{ format: 'x' }, 'is not the record of a run'],
      [{ environment: 3 }, 'names no backend'],
      [{ recipes: [{ after: -1, recipe: {} }] }, 'must be a whole number'],
      [{ recipes: [{ after: 0, recipe: { loss: { name: 'hinj' } } }] }, "did you mean 'hinge'"],
      [{ recipes: [{ after: 0, recipe: { seed: 1 } }] }, 'is not resolved'],
    ] as const) {
      await writeFile(path('record', 'run.json'), JSON.stringify({ ...whole, ...change }));
      await expect(planResumedRun(path('record')), JSON.stringify(change)).rejects.toThrow(message);
    }
    await expect(planResumedRun(path('nowhere'))).rejects.toThrow('There is no run in');
  });
});

it('resolving what a run leaves gives the same', async () => {
  const { recipes } = await readRecord(runFolder(path('plain')));
  const facts = { name: 'ring', kind: 'points', shape: [2], hasModes: true } as const;
  expect(resolveRecipe(recipes[0].recipe as unknown as Recipe, facts)).toEqual(recipes[0].recipe);
});
