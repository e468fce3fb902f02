// Which parts of a recipe may be exchanged while it is played, and which make it another run.
import { GanKitError } from '@gankit/core';
import type { ResolvedRecipe } from './resolve-recipe.ts';
import { same } from './same.ts';

/** What a run has from its beginning. */
const fixed = [
  'seed',
  'data',
  'batchSize',
  'generator',
  'discriminator',
  'conditioning',
  'metrics',
  'best',
  'stopping.early',
  'stopping.divergence',
] as const;

/** What may change between two steps. */
const swappable = [
  'loss',
  'penalties',
  'constraints',
  'optimizers.generator',
  'optimizers.discriminator',
  'schedule',
  'negatives',
  'stabilizers',
  'measureEvery',
  'stopping.steps',
  'pictures',
  'checkpoints',
  'watchEvery',
] as const;

function at(recipe: ResolvedRecipe, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], recipe);
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Every place in which two values differ, with both. */
function differences(before: unknown, after: unknown, path: string): readonly Difference[] {
  if (isObject(before) && isObject(after) && before['name'] === after['name']) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.flatMap((key) => differences(before[key], after[key], `${path}.${key}`));
  }
  return same(before, after) ? [] : [{ path, before: written(before), after: written(after) }];
}

/** A place in which two recipes differ. */
export interface Difference {
  readonly path: string;
  /** As JSON, or the name of a part that is another; `absent` where there was nothing. */
  readonly before: string;
  readonly after: string;
}

function written(value: unknown): string {
  if (isObject(value) && typeof value['name'] === 'string') return value['name'];
  return value === undefined ? 'absent' : JSON.stringify(value);
}

/** Everything that differs between two recipes, at those of the given paths. */
function differencesAt(before: ResolvedRecipe, after: ResolvedRecipe, paths: readonly string[]): readonly Difference[] {
  return paths.flatMap((path) => differences(at(before, path), at(after, path), path));
}

/** Everything that a swap would exchange, in detail. */
export function swapDifferences(before: ResolvedRecipe, after: ResolvedRecipe): readonly Difference[] {
  return differencesAt(before, after, swappable);
}

/** Everything that two recipes say otherwise, but for what is told about them. */
export function recipeDifferences(before: ResolvedRecipe, after: ResolvedRecipe): readonly Difference[] {
  return differencesAt(before, after, [...fixed, ...swappable]);
}

/** The parts that two recipes have otherwise, by path. */
export function changesOf(before: ResolvedRecipe, after: ResolvedRecipe): readonly string[] {
  return swappable.filter((path) => !same(at(before, path), at(after, path)));
}

/**
 * Checks that a running game can go on by another recipe.
 * @throws GanKitError `another-run` that names everything that cannot be exchanged.
 */
export function checkSwappable(before: ResolvedRecipe, after: ResolvedRecipe): void {
  const reasons = differencesAt(before, after, fixed).map(
    (difference) => `${difference.path} was ${difference.before} and would be ${difference.after}`,
  );
  for (const player of ['generator', 'discriminator'] as const) {
    const [from, to] = [before.optimizers[player], after.optimizers[player]];
    // The state of one kind of optimiser says nothing to another; gradients that are being collected have a batch count.
    if (from.name !== to.name || from['accumulate'] !== to['accumulate']) {
      reasons.push(
        `optimizers.${player} was ${from.name} and would be ${to.name}, or collects over another number of batches`,
      );
    }
  }
  if (reasons.length === 0) return;
  throw new GanKitError(
    'another-run',
    `A running game cannot be swapped for one that differs in what it began with: ${reasons.join('; ')}. Begin a new run for it.`,
    { value: reasons },
  );
}
