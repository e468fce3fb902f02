// A run from a recipe, and recipes that are swapped while it is played.
import { type DataSource, RandomStream, type StepEvent } from '@gankit/core';
import { imageSet, ringOfGaussians, twoMoons } from '@gankit/data';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildRun, dataFacts, type Recipe, type ResolvedRecipe, type Run, resolveRecipe } from './index.ts';

let tensors = 0;
beforeEach(() => {
  tensors = tf.memory().numTensors;
});
afterEach(() => {
  expect(tf.memory().numTensors).toBe(tensors);
});

const small: Recipe = {
  data: { name: 'ring' },
  batchSize: 16,
  generator: { name: 'mlp', latentSize: 3, hidden: [8] },
  discriminator: { name: 'mlp', hidden: [8] },
  stopping: { steps: 12 },
  metrics: [],
};
const source = ringOfGaussians();
const resolved = (changes: Partial<Recipe> = {}, of: DataSource = source) =>
  resolveRecipe({ ...small, ...changes } as Recipe, dataFacts(of));

async function stepsOf(run: Run, steps: number, at: (event: StepEvent) => void = () => {}): Promise<string[]> {
  const lines: string[] = [];
  for await (const event of run.trainer.run(run.batches, { steps, callbacks: run.callbacks })) {
    if (event.type === 'start' || event.type === 'end') continue;
    lines.push(JSON.stringify(event));
    if (event.type === 'step') at(event);
  }
  return lines;
}

const weights = (run: Run) =>
  run.trainer
    .saveState()
    .then(({ tensors: saved = {} }) =>
      JSON.stringify(Object.entries(saved).map(([name, { data }]) => [name, [...data]])),
    );

describe('a run', () => {
  it('repeats to the same bytes, from the resolved recipe as from the written one', async () => {
    const recipe = resolved({
      loss: { name: 'hinge' },
      penalties: [{ name: 'lecam' }],
      negatives: { name: 'replay', capacity: 32 },
    });
    const [a, b] = [buildRun(recipe, source), buildRun(JSON.parse(JSON.stringify(recipe)), source)];
    expect(await stepsOf(a, 5)).toEqual(await stepsOf(b, 5));
    expect(await weights(a)).toBe(await weights(b));
    for (const run of [a, b]) run.dispose();
  });

  it('lends out its players and its loss as they are after a swap', async () => {
    const run = buildRun(resolved(), source);
    const { generator, discriminator } = run.game;
    expect(run.game.loss.name).toBe('non-saturating');
    await run.swap(resolved({ loss: { name: 'hinge' }, stabilizers: [{ name: 'instance-noise' }] }));
    expect(run.game.loss.name).toBe('hinge');
    expect(run.game.generator).toBe(generator);
    // The same variables, in a wrapper that adds the noise.
    expect(run.game.discriminator).not.toBe(discriminator);
    expect(run.game.discriminator.variables[0]?.variable).toBe(discriminator.variables[0]?.variable);
    run.dispose();
  });

  it('shows the average where the recipe has one', () => {
    const run = buildRun(resolved({ stabilizers: [{ name: 'average', halfLife: 100 }] }), source);
    expect(run.generator).not.toBe(run.trainer);
    expect(run.generator.name).toContain('average');
    run.dispose();
  });

  it("measures the recipe's metrics of the same latents, and stops early by one", async () => {
    const measured: [number, object][] = [];
    const recipe = resolved({
      metrics: [{ name: 'mode-coverage', samples: 64 }],
      measureEvery: 2,
      stopping: { steps: 12, early: { metric: 'mode-coverage.modesFound', better: 'higher', patience: 1 } },
    });
    const run = buildRun(recipe, source, { onMeasure: (step, numbers) => void measured.push([step, numbers]) });
    const end = await run.trainer.train(run.batches, { until: 12, callbacks: run.callbacks });
    expect(end.reason).toBe('stopped');
    expect(measured.map(([step]) => step)).toEqual([2, 4]);
    expect(await run.measure()).toEqual(measured.at(-1)![1]);
    run.dispose();
  });

  it('is told classes, codes, or pairs of images', async () => {
    const moons = twoMoons();
    const pixels = (seed: number, channels: number) =>
      Uint8Array.from({ length: 6 * 16 * 16 * channels }, () => new RandomStream(seed).integer(256));
    const pairs = imageSet({
      name: 'pairs',
      shape: [16, 16, 1],
      pixels: pixels(1, 1),
      images: { shape: [16, 16, 3], pixels: pixels(2, 3) },
    });
    const games: [Partial<Recipe>, DataSource][] = [
      [{ data: { name: 'two-moons' }, conditioning: [{ name: 'auxiliary' }, { name: 'codes', continuous: 1 }] }, moons],
      [
        {
          data: { name: 'pairs' },
          batchSize: 2,
          generator: { name: 'unet', width: 4 },
          discriminator: { name: 'patch', width: 4, receptiveField: 16 },
          conditioning: [{ name: 'images' }],
        },
        pairs,
      ],
    ];
    for (const [changes, data] of games) {
      const run = buildRun(resolved(changes, data), data);
      expect((await stepsOf(run, 2)).length).toBe(2);
      run.dispose();
    }
  });

  it('frees what it made when parts do not fit', () => {
    expect(() => buildRun(resolved({ metrics: [{ name: 'mode-coverage' }] }, twoMoons()), twoMoons())).toThrow(
      'modes are known',
    );
  });
});

describe('a swap', () => {
  const steps = 4;
  /** Plays with one recipe, then with another. */
  async function swapped(from: ResolvedRecipe, to: ResolvedRecipe) {
    const run = buildRun(from, source);
    let changed: Promise<readonly string[]> | undefined;
    const lines = await stepsOf(run, 2 * steps, ({ step }) => {
      if (step === steps) changed = run.swap(to);
    });
    return { run, lines, changed: await changed! };
  }

  it.each<[string, Partial<Recipe>, string[]]>([
    ['loss', { loss: { name: 'hinge' } }, ['loss']],
    ['penalties', { penalties: [{ name: 'r1', gamma: 1 }] }, ['penalties']],
    ['constraints', { constraints: [{ name: 'clip-weights', limit: 0.1 }] }, ['constraints']],
    ['schedule', { schedule: { name: 'fixed', discriminatorUpdates: 2 } }, ['schedule']],
    ['negatives', { negatives: { name: 'replay', capacity: 32 } }, ['negatives']],
    [
      'stabilisers',
      { stabilizers: [{ name: 'average' }, { name: 'instance-noise' }, { name: 'top-k' }] },
      ['stabilizers'],
    ],
    ['rates', { optimizers: { generator: { name: 'adam', learningRate: 1e-4 } } }, ['optimizers.generator']],
  ])('of %s goes on with the same players, and is told before its first step', async (_, changes, paths) => {
    const before = resolved();
    const { run, lines, changed } = await swapped(before, resolved(changes));
    expect(changed).toEqual(paths);
    expect(run.recipe).toEqual(resolved(changes));
    expect(lines[steps]).toBe(JSON.stringify({ type: 'swap', step: steps, changed: paths }));
    expect(lines).toHaveLength(2 * steps + 1);
    // Until then it is the game that was begun, and afterwards another than it would have been.
    const plain = buildRun(before, source);
    const unswapped = await stepsOf(plain, 2 * steps);
    expect(lines.slice(0, steps)).toEqual(unswapped.slice(0, steps));
    expect(lines.slice(steps + 1)).not.toEqual(unswapped.slice(steps));
    for (const each of [run, plain]) each.dispose();
  });

  it('takes over the state of optimisers and of every part that stays', async () => {
    const base: Partial<Recipe> = { penalties: [{ name: 'lecam' }], schedule: { name: 'adaptive' } };
    const { run } = await swapped(
      resolved(base),
      resolved({ ...base, optimizers: { discriminator: { name: 'adam', learningRate: 3e-4 } } }),
    );
    const { values } = await run.trainer.saveState();
    expect(JSON.stringify(values)).toContain('"iterations":8');
    run.dispose();
  });

  it('of everything at once and back again is the game of the first recipe with other numbers in between', async () => {
    const run = buildRun(resolved(), source);
    await stepsOf(run, 1);
    expect(
      await run.swap(resolved({ loss: { name: 'wasserstein' }, penalties: [{ name: 'gradient-penalty' }] })),
    ).toEqual(['loss', 'penalties']);
    await stepsOf(run, 1);
    expect(await run.swap(resolved())).toEqual(['loss', 'penalties']);
    expect(await run.swap(resolved())).toEqual([]);
    const lines = await stepsOf(run, 1);
    // What was exchanged while the game rested is told when it goes on.
    expect(lines[0]).toContain('"type":"swap"');
    run.dispose();
  });

  it('names everything that cannot be swapped, and leaves the game as it is', async () => {
    const run = buildRun(resolved(), source);
    await stepsOf(run, 1);
    const other = resolved({
      batchSize: 8,
      seed: 2,
      generator: { name: 'mlp', hidden: [9] },
      optimizers: { generator: { name: 'sgd' } },
    });
    await expect(run.swap(other)).rejects.toThrow(
      /seed was 1 and would be 2; batchSize was 16 and would be 8; generator\.latentSize was 3 and would be 16; generator\.hidden was \[8\] and would be \[9\]; optimizers\.generator was adam and would be sgd/,
    );
    // A verdict that the discriminator does not give is found before anything is exchanged.
    await expect(run.swap(resolved({ loss: { name: 'ebgan' } }))).rejects.toThrow('ebgan');
    expect(run.recipe).toEqual(resolved());
    expect(await stepsOf(run, 1)).toHaveLength(1);
    run.dispose();
  });
});
