// From text or a plain object to a recipe: what it extends is read first, and everything that is wrong with it is said at once.
import { GanKitError } from '@gankit/core';
import { check, type Fault, formatFault, prototypeKeys } from '@gankit/core/registry';
import { namedRecipes } from './named-recipes.ts';
import { type Recipe, recipeSchema } from './recipe.ts';

/** A recipe that does not stand alone, and where it is. */
export interface RecipeDocument {
  /** Where it was read from, for sentences and for the addresses of what it extends: a path, an address, a name. */
  readonly place: string;
  readonly value: unknown;
}

export interface ReadRecipeOptions {
  /** Where the value was read from, for sentences; `the recipe` when absent. */
  readonly place?: string | undefined;
  /**
   * Reads a recipe that is extended and is none of the named ones. None can be when absent.
   * @param reference As it stands in `extends`. @param from The place of the recipe that extends it.
   */
  readonly load?: ((reference: string, from: string) => RecipeDocument | Promise<RecipeDocument>) | undefined;
  /** The data sets that a recipe may name; any when absent. */
  readonly data?: Parameters<typeof recipeSchema>[0];
}

/** How many recipes may extend each other in a row. */
const deepest = 16;

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * A value over another: objects are joined, `null` takes away, anything else replaces. A part under another name replaces the whole
 * part, because options of one mean nothing to another.
 */
export function joinRecipes(base: unknown, top: unknown): unknown {
  if (!isObject(base) || !isObject(top)) return top;
  if (top['name'] !== undefined && top['name'] !== base['name']) return top;
  const joined: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(top)) {
    if (value === null) delete joined[key];
    else joined[key] = joinRecipes(joined[key], value);
  }
  return joined;
}

/** What takes away nothing is no part of a recipe. */
function withoutNulls(value: unknown): unknown {
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (inner === null ? [] : [[key, withoutNulls(inner)]])),
  );
}

async function extended(
  { value, place }: RecipeDocument,
  { load }: ReadRecipeOptions,
  path: readonly string[],
): Promise<unknown> {
  if (!isObject(value)) return value;
  // Joining copies keys.
  const hostile = prototypeKeys(value);
  if (hostile.length > 0) throw new GanKitError('invalid-argument', formatFaults(hostile, place));
  const bases = [value['extends'] ?? []].flat();
  let joined: unknown = {};
  for (const reference of bases) {
    // The schema says what is wrong with it.
    if (typeof reference !== 'string') return value;
    const document = namedRecipes[reference] ?? (await load?.(reference, place));
    if (document === undefined) {
      const known = Object.keys(namedRecipes);
      throw new GanKitError(
        'unknown-name',
        `${place} extends '${reference}', and there is no such recipe; the named ones are ${known.join(', ')}.`,
        {
          value: reference,
        },
      );
    }
    const base: RecipeDocument =
      'place' in document ? (document as RecipeDocument) : { place: reference, value: document };
    if (path.includes(base.place)) {
      throw new GanKitError(
        'invalid-argument',
        `${[...path, base.place].join(' extends ')}: a circle; take one of them out.`,
        {
          value: reference,
        },
      );
    }
    if (path.length > deepest) {
      throw new GanKitError(
        'invalid-data',
        `${path[0]} extends more than ${deepest} recipes in a row; join some of them.`,
      );
    }
    joined = joinRecipes(joined, await extended(base, { load }, [...path, base.place]));
  }
  const { extends: _, title, description, source, ...own } = value;
  const { title: __, description: ___, source: ____, ...inherited } = joined as Json;
  // What is told of a recipe is told of it alone.
  const about = Object.fromEntries(
    Object.entries({ title, description, source }).filter(([, told]) => told !== undefined),
  );
  return joinRecipes(inherited, { ...own, ...about });
}

/** The sentences of faults, one to a line. */
export function formatFaults(faults: readonly Fault[], place: string): string {
  return faults.map((fault) => `${place}: ${formatFault(fault, 'it')}`).join('\n');
}

/**
 * Reads a recipe: joins it with what it extends and checks the whole.
 * @param value Plain data, such as `JSON.parse` gives.
 * @throws GanKitError `invalid-argument` with every fault, a line each, or for recipes that extend each other in a circle; `unknown-name` for
 *   one that extends what is not there.
 */
export async function readRecipe(value: unknown, options: ReadRecipeOptions = {}): Promise<Recipe> {
  const { place = 'the recipe', data } = options;
  const whole = withoutNulls(await extended({ place, value }, options, [place]));
  const { faults } = check(recipeSchema(data), whole);
  if (faults.length === 0) return whole as Recipe;
  throw new GanKitError('invalid-argument', formatFaults(faults, place), { value: faults.map(({ path }) => path) });
}

/** A recipe in a program: the compiler checks it as it is written. */
export function defineRecipe(recipe: Recipe): Recipe {
  return recipe;
}
