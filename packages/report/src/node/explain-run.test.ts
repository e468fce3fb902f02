import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { imageSet } from '@gankit/data';
import { buildRun, dataFacts, type Recipe, readRecipe, resolveRecipe } from '@gankit/recipes';
import { openGame, openRun, planRun } from '@gankit/recipes/node';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { explanationWords } from '../explanation-words.ts';
import { explainGame, explainRun } from './index.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gankit-explain-'));
});
afterAll(() => rm(folder, { recursive: true }));

const small: Recipe = {
  data: { name: 'ring' },
  batchSize: 16,
  generator: { name: 'mlp', latentSize: 3, hidden: [8] },
  discriminator: { name: 'mlp', hidden: [8] },
  stopping: { steps: 4 },
  checkpoints: { every: 2 },
  metrics: [],
};

async function trained(name: string, recipe: Recipe): Promise<string> {
  const path = join(folder, name);
  const run = await openRun(await planRun(recipe), { folder: path });
  await run.train();
  await run.close();
  return path;
}

test.each(['non-saturating', 'relativistic-pairing', 'wasserstein'] as const)(
  '%s: the loss falls along the gradient',
  async (loss) => {
    const path = await trained(loss, { ...small, loss: { name: loss } });
    const before = tf.memory().numTensors;
    const explained = await explainRun(path, { count: 32 });
    expect(tf.memory().numTensors).toBe(before);
    expect(explained).toMatchObject({ step: 4, samples: 32, sampleSize: 2 });
    expect(explained.lossAfter).toBeLessThan(explained.loss);
    expect(explained.layers.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 5);
    // Of two coordinates one holds at least half.
    expect(explained.halfOfGradient).toBeCloseTo(0.5, 5);
    expect(explained.picture).toMatchObject({ width: 512, height: 512 });
    expect(explained.scores === undefined).toBe(loss !== 'non-saturating');
    if (explained.scores !== undefined) expect(explained.scores.after).toBeGreaterThan(explained.scores.before);
    expect(explained.sentences.join(' ')).toContain('64 numbers, one for each coordinate');
  },
);

test('images become three rows: samples, what each pixel is told, samples that followed it', async () => {
  const size = 8;
  const pixels = Uint8Array.from({ length: 40 * size * size }, (_, index) => ((index * 7) % 11) * 25);
  const source = imageSet({ name: 'stripes', pixels, shape: [size, size, 1] });
  const recipe = resolveRecipe(await readRecipe({ ...small, data: { name: 'stripes' } }), dataFacts(source));
  const run = buildRun(recipe, source);
  const { picture, sampleSize, sentences } = await explainGame({ run, source, step: 0 }, { count: 3 });
  run.dispose();
  expect(sampleSize).toBe(64);
  // Rows of three images of 8 pixels with gaps of 2, three of them with gaps of 2: 32 x 40, 31 times as large.
  expect(picture).toMatchObject({ width: 32 * 31, height: 40 * 31, channels: 3 });
  expect(sentences[1]).toContain('192 numbers, one for each pixel');
});

test('a run without a checkpoint, and none, are one sentence', async () => {
  await expect(openGame(join(folder, 'nowhere'))).rejects.toThrow('it has no run.json');
  const path = join(folder, 'fresh');
  const run = await openRun(await planRun(small), { folder: path });
  await run.close();
  await expect(explainRun(path)).rejects.toThrow('has no checkpoint yet; train it for some steps first.');
  await expect(explainRun(path, { count: 0 })).rejects.toThrow('count');
});

test('a gradient of nothing is said to be nothing', () => {
  const numbers = {
    step: 5,
    samples: 2,
    sampleSize: 4,
    loss: 3,
    gradientNorm: 0,
    halfOfGradient: 1,
    lossAfter: 3,
    layers: [],
  };
  expect(explanationWords(numbers, 'pixel')).toEqual([
    "After step 5, the generator's loss of 2 samples is one number: 3.",
    'Its gradient is 0 everywhere: the discriminator is so sure, or so indifferent, that it tells the generator nothing.',
  ]);
});
