// What is about to be trained: a new run in a new folder, or an old one that goes on. Everything is read and checked; nothing is written.

import { existsSync } from 'node:fs';
import { type BackendName, type SelectedBackend, selectBackend } from '@gankit/backends';
import { type Communicator, type DataSource, GanKitError, rowsOfShare } from '@gankit/core';
import { checkedValue, type NamedPart, type Registry } from '@gankit/core/registry';
import { dataSets } from '@gankit/data/node';
import { Checkpoints } from '@gankit/trainer/node';
import { isScheduled } from '../build-game.ts';
import { dataFacts } from '../facts.ts';
import type { Recipe } from '../recipe.ts';
import { type ResolvedRecipe, resolveRecipe } from '../resolve-recipe.ts';
import { changesOf, checkSwappable, swapDifferences } from '../swap.ts';
import { currentEnvironment, environmentDifferences } from './environment.ts';
import { fromFirst } from './ranks.ts';
import { runFolder } from './run-folder.ts';
import { lastRecipe, type PlayedRecipe, type RunRecord, readRecord, recipesAt } from './run-record.ts';

/** A run that can begin. */
export interface PlannedRun {
  /** Where it is, for one that goes on. */
  readonly path?: string | undefined;
  readonly source: DataSource;
  readonly backend: SelectedBackend;
  readonly record: RunRecord;
  /** The recipe whose parts the newest checkpoint has, and those that are played after it. */
  readonly recipes: readonly [PlayedRecipe, ...PlayedRecipe[]];
  /** What whoever starts it should know, a sentence each: another processor, what was changed. */
  readonly notes: readonly string[];
  /** The processes that play it together; one alone when absent. */
  readonly communicator?: Communicator | undefined;
}

/** Data sets by name; every one that Node can open when absent. */
export type DataSets = Pick<Registry<Promise<DataSource>, void>, 'create' | 'schema'>;

export interface PlanOptions {
  readonly data?: DataSets | undefined;
  /** The backend to train on; the fastest that works here when absent, or for a run that goes on the one that it had. */
  readonly backend?: string | undefined;
  /** The processes that are to play it together, all of which plan it; one alone when absent. */
  readonly communicator?: Communicator | undefined;
}

/**
 * Opens the data of a recipe.
 * @throws GanKitError `invalid-argument` when it names none, and whatever the data set refuses.
 */
export async function openData(
  recipe: Pick<Recipe, 'data'>,
  data: DataSets = dataSets as unknown as DataSets,
): Promise<DataSource> {
  if (recipe.data === undefined) {
    throw new GanKitError('invalid-argument', "The recipe names no data; add data, such as { name: 'ring' }.");
  }
  return data.create(recipe.data as NamedPart, undefined);
}

function backendNamed(name: string | undefined): Promise<SelectedBackend> {
  return selectBackend(name === undefined ? {} : { prefer: name as BackendName, fallback: false });
}

/**
 * The recipe of the run that {@link planRun} plans, for data that are open already.
 * @param data What they were opened by.
 * @throws GanKitError As `resolveRecipe`.
 */
export function resolveForData(
  recipe: Recipe,
  source: DataSource,
  { schema }: Pick<DataSets, 'schema'> = dataSets as unknown as DataSets,
): ResolvedRecipe {
  // What the data chose is in the recipe, so that it repeats the run also when more files have come.
  const data = { ...(checkedValue('data', schema, recipe.data) as NamedPart), ...source.chosen };
  return resolveRecipe({ ...recipe, data }, dataFacts(source));
}

/**
 * A new run.
 * @param recipe A recipe as `loadRecipe` or `readRecipe` give it.
 * @throws GanKitError Whatever is wrong with it, before anything is written.
 */
export async function planRun(
  recipe: Recipe,
  options: PlanOptions & { readonly tensorBoard?: boolean | undefined } = {},
): Promise<PlannedRun> {
  const source = await openData(recipe, options.data);
  const resolved = resolveForData(recipe, source, options.data);
  const { communicator } = options;
  if (communicator !== undefined) rowsOfShare(resolved.batchSize, communicator);
  const backend = await backendNamed(options.backend);
  const first: PlayedRecipe = { after: 0, recipe: resolved };
  const record = {
    environment: currentEnvironment(backend, communicator?.size),
    tensorBoard: options.tensorBoard ?? false,
    recipes: [first] as const,
  };
  return { source, backend, record, recipes: [first], notes: source.notes ?? [], communicator };
}

/** The step of the newest checkpoint that can be read; 0 without one. */
async function checkpointStep(folder: string): Promise<number> {
  if (!existsSync(folder)) return 0;
  // Whether the run may be gone on with is found out later: it may be trained just now.
  const checkpoint = await (await Checkpoints.look(folder)).latest();
  return checkpoint?.step ?? 0;
}

/** Says what was changed, and what follows from more steps. */
function changeNotes(before: ResolvedRecipe, after: ResolvedRecipe, step: number): string[] {
  const told = swapDifferences(before, after).map(
    (difference) => `${difference.path} was ${difference.before} and is now ${difference.after}`,
  );
  if (told.length === 0) return [];
  const followers = [
    ...(isScheduled(after.optimizers.generator) ? ['the learning rates'] : []),
    ...(after.stabilizers.some(({ name }) => name === 'instance-noise') ? ['the instance noise'] : []),
    ...(after.negatives.name === 'annealed-noise' ? ['the annealed noise'] : []),
  ];
  const more = before.stopping.steps !== after.stopping.steps && followers.length > 0;
  const follow = `${followers.join(' and ')} follow${followers.length === 1 && !followers[0]!.endsWith('s') ? 's' : ''}`;
  return [
    `Changed from step ${step} on: ${told.join('; ')}.${more ? ` From there on ${follow} the new number of steps.` : ''}`,
  ];
}

/**
 * A run that goes on where its last checkpoint stands.
 * @param path Its folder.
 * @param change Another recipe to go on by, made from the one that it has; the same when absent.
 * @throws GanKitError `file` or `invalid-data` when there is no run that can be read, `another-run` for a change that would make it
 *   another one.
 */
export async function planResumedRun(
  path: string,
  options: PlanOptions & {
    readonly change?:
      | ((recipe: ResolvedRecipe, source: DataSource) => ResolvedRecipe | Promise<ResolvedRecipe>)
      | undefined;
  } = {},
): Promise<PlannedRun> {
  const folder = runFolder(path);
  const { communicator } = options;
  const { saved, step } = await fromFirst(communicator, async () => {
    return { saved: await readRecord(folder), step: await checkpointStep(folder.checkpoints) };
  });
  const before = lastRecipe(saved);
  const source = await openData(before as unknown as Recipe, options.data);
  const next = (await options.change?.(before, source)) ?? before;
  if (communicator !== undefined) rowsOfShare(next.batchSize, communicator);
  const notes: string[] = [];
  let record = saved;
  if (changesOf(before, next).length > 0 || JSON.stringify(before.data) !== JSON.stringify(next.data)) {
    checkResumable(path, before, next);
    // What would have been played later is replaced by what is asked for now.
    const recipes = saved.recipes.filter(({ after }, index) => index === 0 || after < step);
    record = { ...saved, recipes: [...recipes, { after: step, recipe: next }] as unknown as RunRecord['recipes'] };
    notes.push(...changeNotes(before, next, step));
  } else checkResumable(path, before, next);
  const backend = await backendNamed(options.backend ?? saved.environment.backend);
  const differences = environmentDifferences(saved.environment, currentEnvironment(backend, communicator?.size));
  if (differences.length > 0) {
    notes.unshift(
      `Note: ${differences.join('; ')}; the run goes on, but its last bits may differ from an unbroken one's.`,
    );
  }
  return { path, source, backend, record, recipes: recipesAt(record, step), notes, communicator };
}

/** @throws GanKitError `another-run` for a change that would make it another run, or for fewer steps than it had. */
function checkResumable(path: string, before: ResolvedRecipe, next: ResolvedRecipe): void {
  try {
    checkSwappable(before, next);
  } catch (cause) {
    const reasons = (cause as GanKitError).value as readonly string[];
    throw new GanKitError(
      'another-run',
      `The run in '${path}' cannot go on as another one: ${reasons.join('; ')}. Leave that out, or start a new run.`,
      { path, value: reasons, cause },
    );
  }
  if (next.stopping.steps >= before.stopping.steps) return;
  throw new GanKitError(
    'another-run',
    `The run in '${path}' was to make ${before.stopping.steps} steps and cannot be shortened to ${next.stopping.steps}; stop it when you like.`,
    { path, value: next.stopping.steps },
  );
}
