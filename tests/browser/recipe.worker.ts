// A recipe in a worker: what it is told is plain data, what it answers are the trainer's own events.

import { selectBackend } from '@gankit/backends';
import { distributions } from '@gankit/data/registry';
import { buildRun, dataFacts, readRecipe, resolveRecipe } from '@gankit/recipes';

addEventListener('message', async ({ data: { recipe: written, backend, steps } }: MessageEvent) => {
  try {
    await selectBackend({ prefer: backend, fallback: false });
    const recipe = await readRecipe(written, { data: distributions });
    const source = await distributions.create(recipe.data as { readonly name: 'ring' }, undefined);
    const run = buildRun(resolveRecipe(recipe, dataFacts(source)), source);
    for await (const event of run.trainer.run(run.batches, { steps, callbacks: run.callbacks })) postMessage(event);
    run.dispose();
  } catch (error) {
    postMessage({ type: 'error', message: (error as Error).message });
  }
});
