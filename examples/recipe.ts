// A run as plain data: a recipe as an object, checked by the compiler, trained in Node; the loss is swapped in the middle.

import { selectBackend } from '@gankit/backends';
import { ringOfGaussians } from '@gankit/data';
import { buildRun, dataFacts, defineRecipe, readRecipe, resolveRecipe } from '@gankit/recipes';

const steps = Number(process.env['STEPS'] ?? 600);
await selectBackend();
const source = ringOfGaussians();
const recipe = defineRecipe({
  extends: 'ring',
  seed: 7,
  stopping: { steps },
  penalties: [{ name: 'r1', gamma: 0.01 }],
});
const resolved = resolveRecipe(await readRecipe(recipe), dataFacts(source));
const run = buildRun(resolved, source);
for await (const event of run.trainer.run(run.batches, { until: steps, callbacks: run.callbacks })) {
  if (event.type === 'swap') console.log(`From step ${event.step} on: another ${event.changed.join(', ')}.`);
  if (event.type !== 'step') continue;
  if (event.step === Math.floor(steps / 2)) void run.swap({ ...resolved, loss: { name: 'hinge' } });
  if (event.step % Math.ceil(steps / 6) === 0)
    console.log(event.step, event.generator?.adversarialLoss, event.accuracy);
}
console.log(await run.measure());
run.dispose();
