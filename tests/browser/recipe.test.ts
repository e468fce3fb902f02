// The same recipe in a worker as in the page, to the same numbers; a wrong one ends in its sentence.
import type { TrainingEvent } from '@gankit/core';
import { distributions } from '@gankit/data/registry';
import { buildRun, dataFacts, readRecipe, resolveRecipe } from '@gankit/recipes';
import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';

const recipe = { extends: 'ring', batchSize: 16, loss: { name: 'hinge' }, penalties: [{ name: 'r1', gamma: 0.1 }] };
const steps = 3;

function inWorker(written: unknown): Promise<TrainingEvent[]> {
  const worker = new Worker(new URL('./recipe.worker.ts', import.meta.url), { type: 'module' });
  const events: TrainingEvent[] = [];
  return new Promise<TrainingEvent[]>((resolve, reject) => {
    worker.onerror = (event) => reject(new Error(event.message));
    worker.onmessage = ({ data }: MessageEvent<TrainingEvent>) => {
      events.push(data);
      if (data.type === 'end' || data.type === 'error') resolve(events);
    };
    worker.postMessage({ recipe: written, backend: 'cpu', steps });
  }).finally(() => worker.terminate());
}

it('a recipe trains in a worker as in the page', async () => {
  await tf.setBackend('cpu');
  const read = await readRecipe(recipe, { data: distributions });
  const source = await distributions.create({ name: 'ring' }, undefined);
  const run = buildRun(resolveRecipe(read, dataFacts(source)), source);
  const expected: TrainingEvent[] = [];
  for await (const event of run.trainer.run(run.batches, { steps, callbacks: run.callbacks })) expected.push(event);
  run.dispose();
  expect(expected.filter(({ type }) => type === 'step')).toHaveLength(steps);
  expect(await inWorker(recipe)).toEqual(expected);
});

it('a wrong one is told in its sentence', async () => {
  const [event] = await inWorker({ extends: 'ring', loss: { name: 'hing' } });
  expect(event).toEqual({
    type: 'error',
    message: 'the recipe: loss.name is "hing", and there is no such loss; did you mean \'hinge\'?',
  });
});
