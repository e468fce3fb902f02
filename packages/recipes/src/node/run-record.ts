// What a run keeps of itself: the recipe that it plays, what it was made with, and every recipe that it played before.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { checkInteger, GanKitError } from '@gankit/core';
import { writeFileAtomically } from '@gankit/core/node';
import { readRecipe } from '../read-recipe.ts';
import type { ResolvedRecipe } from '../resolve-recipe.ts';
import type { Environment } from './environment.ts';
import type { RunFolder } from './run-folder.ts';

/** A recipe, and the step after which it is played. */
export interface PlayedRecipe {
  /** Steps that were made with the recipes before it; 0 for the first. */
  readonly after: number;
  readonly recipe: ResolvedRecipe;
}

/** What run.json holds. */
export interface RunRecord {
  readonly environment: Environment;
  /** Whether event files for TensorBoard are written. */
  readonly tensorBoard: boolean;
  /** At least one, in the order in which they are played. */
  readonly recipes: readonly [PlayedRecipe, ...PlayedRecipe[]];
}

const format = 'gankit-run';
const version = 1;

/** The recipe that a run ends with. */
export function lastRecipe({ recipes }: RunRecord): ResolvedRecipe {
  return recipes.at(-1)!.recipe;
}

/** The recipe whose parts are in a checkpoint, and those that are played after it. */
export function recipesAt({ recipes }: RunRecord, step: number): readonly [PlayedRecipe, ...PlayedRecipe[]] {
  const begun = recipes.filter(({ after }, index) => index === 0 || after < step).length;
  return recipes.slice(begun - 1) as unknown as [PlayedRecipe, ...PlayedRecipe[]];
}

/** Writes both files of the record; a run that is killed meanwhile has the old or the new ones. */
export async function writeRecord(folder: RunFolder, record: RunRecord): Promise<void> {
  const text = (value: unknown) => `${JSON.stringify(value, undefined, 2)}\n`;
  await writeFileAtomically(folder.record, text({ format, version, ...record }));
  await writeFileAtomically(folder.recipe, text(lastRecipe(record)));
}

/**
 * Reads the record of a run. A folder may come from anywhere: nothing in it is executed, and every recipe is checked as any other.
 * @throws GanKitError `file` when there is no run, `invalid-data` when its record is damaged or from a newer version.
 */
export async function readRecord(folder: RunFolder): Promise<RunRecord> {
  if (!existsSync(folder.record)) {
    throw new GanKitError('file', `There is no run in '${folder.path}' to go on with: it has no run.json.`, {
      path: folder.path,
    });
  }
  const path = folder.record;
  const damaged = (reason: string, cause?: unknown) =>
    new GanKitError('invalid-data', `'${path}' is not the record of a run (${reason}); it was damaged.`, {
      path,
      cause,
    });
  let parsed: (Partial<RunRecord> & { readonly format?: unknown; readonly version?: unknown }) | null;
  try {
    parsed = JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw damaged((cause as Error).message, cause);
  }
  if (parsed?.format !== format || !Array.isArray(parsed.recipes) || parsed.recipes.length === 0) {
    throw damaged('it has no recipes');
  }
  if (parsed.version !== version) {
    throw new GanKitError(
      'invalid-data',
      `'${path}' has version ${String(parsed.version)}, and this GANKit reads ${version}; update it.`,
      { path },
    );
  }
  if (typeof parsed.environment?.backend !== 'string') throw damaged('it names no backend');
  const recipes = [];
  for (const [index, played] of parsed.recipes.entries()) {
    checkInteger(`recipes[${index}].after in '${path}'`, (played as PlayedRecipe)?.after, 0);
    const { after, recipe } = played as PlayedRecipe;
    await readRecipe(recipe, { place: `recipes[${index}] in ${path}` });
    if ((recipe as { extends?: unknown }).extends !== undefined || typeof recipe.stopping?.steps !== 'number') {
      throw damaged(`recipes[${index}] is not resolved`);
    }
    recipes.push({ after, recipe });
  }
  return {
    environment: parsed.environment,
    tensorBoard: parsed.tensorBoard === true,
    recipes: recipes as unknown as RunRecord['recipes'],
  };
}
