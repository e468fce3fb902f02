// Every named recipe, run for a few steps as its file says it, on small batches.

import { selectBackend } from '@gankit/backends';
import { RandomStream } from '@gankit/core';
import { imageSet } from '@gankit/data';
import { dataSets } from '@gankit/data/node';
import { buildRun, dataFacts, namedRecipes, readRecipe, resolveRecipe } from '@gankit/recipes';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';

beforeAll(async () => {
  await selectBackend();
});

/** Pairs of images, for the recipe that needs some and names none. */
function pairs() {
  const random = new RandomStream('pairs');
  const pixels = (channels: number) => Uint8Array.from({ length: 4 * 256 * 256 * channels }, () => random.integer(256));
  const images = { shape: [256, 256, 1] as const, pixels: pixels(1) };
  return imageSet({ name: 'pairs', shape: [256, 256, 3], pixels: pixels(3), images });
}

const steps = 2;

test.each(Object.keys(namedRecipes))('%s', async (name) => {
  const before = tf.memory().numTensors;
  const small = { extends: name, batchSize: name === 'pix2pix' ? 1 : 4 };
  const recipe = await readRecipe({ ...small, ...(name === 'pix2pix' && { data: { name: 'pairs' } }) });
  const source =
    name === 'pix2pix' ? pairs() : await dataSets.create(recipe.data as { readonly name: 'mnist' }, undefined);
  const run = buildRun(resolveRecipe(recipe, dataFacts(source)), source);
  let made = 0;
  for await (const event of run.trainer.run(run.batches, { steps, callbacks: run.callbacks })) {
    if (event.type !== 'step') continue;
    made++;
    const numbers = [event.discriminator?.objective, event.generator?.objective];
    expect(numbers.filter((value) => value !== undefined).every(Number.isFinite)).toBe(true);
  }
  expect(made).toBe(steps);
  run.dispose();
  await run.batches.return?.();
  expect(tf.memory().numTensors).toBe(before);
});
