// From plain data to a sweep whose every trial is known to be a recipe.
import { GanKitError } from '@gankit/core';
import { check, formatFault } from '@gankit/core/registry';
import { type ReadRecipeOptions, type Recipe, readRecipe } from '@gankit/recipes';
import { type Configuration, configurationsOf } from './configuration.ts';
import { type Sweep, sweepSchema } from './sweep.ts';
import { type PlannedSweep, rungsOf } from './trial.ts';

/** @throws GanKitError `invalid-argument` for halving without what it needs. */
function checkHalving({ halving, goal }: Sweep, recipes: readonly Recipe[], place: string): number {
  if (halving === undefined) return 0;
  if (goal === undefined) {
    throw new GanKitError(
      'invalid-argument',
      `${place}: halving needs a goal to choose the better ones by, such as { "metric": "mode-coverage.modesFound", "better": "higher" }.`,
    );
  }
  const steps = new Set(recipes.map(({ stopping }) => stopping?.steps));
  const [every] = steps;
  if (steps.size > 1 || every === undefined) {
    throw new GanKitError(
      'invalid-argument',
      `${place}: halving needs one stopping.steps for all trials; say it in the base and do not vary it.`,
    );
  }
  return every;
}

function checkGoal({ goal }: Sweep, recipes: readonly Recipe[], place: string): void {
  if (goal === undefined) return;
  const without = recipes.find(
    ({ metrics }) => metrics !== undefined && !metrics.some(({ name }) => goal.metric.startsWith(`${name}.`)),
  );
  if (without === undefined) return;
  const known = without.metrics!.map(({ name }) => name).join(', ') || 'there are none';
  throw new GanKitError(
    'incompatible',
    `${place}: the goal is '${goal.metric}', which no metric of the recipe measures (${known}); add its metric to the base.`,
    { value: goal.metric },
  );
}

/**
 * Reads a sweep and checks all of it: the recipe of each configuration as any other recipe.
 * @param value Plain data, such as `JSON.parse` gives.
 * @throws GanKitError `invalid-argument` with every fault of the sweep, or of the first recipe that has some; `incompatible` for a goal that
 *   nothing measures.
 */
export async function readSweep(value: unknown, options: ReadRecipeOptions = {}): Promise<PlannedSweep> {
  const { place = 'the sweep' } = options;
  const checked = check(sweepSchema, value);
  if (checked.faults.length > 0) {
    throw new GanKitError(
      'invalid-argument',
      checked.faults.map((fault) => `${place}: ${formatFault(fault)}`).join('\n'),
      {
        value: checked.faults.map(({ path }) => path),
      },
    );
  }
  const written = checked.value as Sweep;
  const twice = written.seeds.find((seed, index) => written.seeds.indexOf(seed) !== index);
  if (twice !== undefined) {
    throw new GanKitError('invalid-argument', `${place}: seeds has ${twice} twice; each makes the same run.`, {
      value: twice,
    });
  }
  // What the base extends is read once; the variables are laid over the whole.
  const base = await readRecipe(written.base, { ...options, place: `${place}, base` });
  const sweep: Sweep = { ...written, base: base as Readonly<Record<string, unknown>> };
  const configurations: (Configuration & { readonly recipe: Recipe })[] = [];
  for (const configuration of configurationsOf(sweep)) {
    const values = Object.entries(configuration.values).map(([name, label]) => `${name} ${label}`);
    const where = `${place}, ${values.join(', ') || 'its only configuration'}`;
    configurations.push({
      ...configuration,
      recipe: await readRecipe(configuration.recipe, { ...options, place: where }),
    });
  }
  const recipes = configurations.map(({ recipe }) => recipe);
  checkGoal(sweep, recipes, place);
  const rungs = rungsOf(sweep, configurations.length, checkHalving(sweep, recipes, place));
  const { first, configurations: last } = rungs.at(-1)!;
  return { sweep, configurations, rungs, trials: first + last * sweep.seeds.length };
}
