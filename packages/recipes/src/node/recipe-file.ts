// Recipes in files: JSON, YAML, or a module that exports one.
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { dirname, extname, isAbsolute, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { GanKitError, nearestName } from '@gankit/core';
import { parse } from 'yaml';
import { namedRecipes } from '../named-recipes.ts';
import { type ReadRecipeOptions, type RecipeDocument, readRecipe } from '../read-recipe.ts';
import type { Recipe } from '../recipe.ts';

/** The longest recipe that is read, in bytes: no recipe is longer, and a file that is none may be. */
const longest = 1_000_000;

const text = ['.json', '.yaml', '.yml'];
const modules = ['.ts', '.mts', '.js', '.mjs'];

async function readText(path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > longest) {
      throw new GanKitError('invalid-argument', `'${path}' has ${size} bytes; no recipe is longer than ${longest}.`, {
        path,
      });
    }
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (GanKitError.isInstance(cause)) throw cause;
    throw new GanKitError('file', `The recipe '${path}' cannot be read (${(cause as Error).message}).`, {
      path,
      cause,
    });
  }
}

async function importModule(path: string): Promise<unknown> {
  try {
    const module = (await import(pathToFileURL(path).href)) as { readonly default?: unknown };
    return module.default;
  } catch (cause) {
    const { typescript: reads } = process.features as { readonly typescript?: unknown };
    const typescript = extname(path).includes('ts') && !reads;
    const advice = typescript ? '; this Node reads no TypeScript, start it with tsx, or write the recipe as JSON' : '';
    throw new GanKitError(
      'invalid-data',
      `'${path}' cannot be imported (${(cause as Error).message.split('\n')[0]})${advice}.`,
      {
        path,
        cause,
      },
    );
  }
}

/**
 * What a file of a recipe holds, unchecked.
 * @throws GanKitError `file` when it cannot be read, `invalid-argument` when it is not what its name says.
 */
export async function readRecipeFile(path: string): Promise<RecipeDocument> {
  const extension = extname(path).toLowerCase();
  const place = resolve(path);
  if (text.includes(extension)) {
    const content = await readText(place);
    try {
      // YAML reads JSON as well, but says less well what is wrong with it. Its aliases may grow a small file without bounds.
      return {
        place: path,
        value: extension === '.json' ? JSON.parse(content) : parse(content, { maxAliasCount: 100 }),
      };
    } catch (cause) {
      const [reason] = (cause as Error).message.split('\n');
      throw new GanKitError(
        'invalid-argument',
        `'${path}' is not ${extension === '.json' ? 'JSON' : 'YAML'} (${reason}).`,
        {
          path,
          cause,
        },
      );
    }
  }
  if (!modules.includes(extension)) {
    throw new GanKitError(
      'invalid-argument',
      `A recipe is a ${[...text, ...modules].join(', ')} file, or one of ${Object.keys(namedRecipes).join(', ')}; not '${path}'.`,
      { value: path },
    );
  }
  if (!existsSync(place)) throw new GanKitError('file', `The recipe '${path}' does not exist.`, { path });
  return { place: path, value: await importModule(place) };
}

/** What a recipe extends is looked for beside it. Text only: nobody's code is run because a recipe names it. */
async function loadBeside(reference: string, from: string): Promise<RecipeDocument> {
  const path = isAbsolute(reference) ? reference : join(dirname(from), reference);
  if (text.includes(extname(reference).toLowerCase())) return readRecipeFile(path);
  const nearest = nearestName(reference, Object.keys(namedRecipes));
  throw new GanKitError(
    'unknown-name',
    `'${from}' extends '${reference}', which is neither a named recipe nor a .json or .yaml file${nearest === undefined ? '' : `; did you mean '${nearest}'?`}`,
    { value: reference },
  );
}

/**
 * Reads a recipe by name or from a file, with what it extends, and checks the whole.
 * @param nameOrPath `wgan-gp`, `my-recipe.json`.
 * @throws GanKitError `unknown-name`, `file`, or `invalid-argument` with every fault, a line each.
 */
export async function loadRecipe(nameOrPath: string, options: Pick<ReadRecipeOptions, 'data'> = {}): Promise<Recipe> {
  const isName = extname(nameOrPath) === '' && !nameOrPath.includes('/');
  if (isName && !Object.hasOwn(namedRecipes, nameOrPath)) {
    const known = Object.keys(namedRecipes);
    const nearest = nearestName(nameOrPath, known);
    throw new GanKitError(
      'unknown-name',
      `There is no recipe named '${nameOrPath}'; ${nearest === undefined ? `choose one of: ${known.join(', ')}, or a file` : `did you mean '${nearest}'?`}`,
      { value: nameOrPath },
    );
  }
  const document = isName ? { place: nameOrPath, value: { extends: nameOrPath } } : await readRecipeFile(nameOrPath);
  const read = await readRecipe(document.value, {
    ...options,
    place: isName ? `recipe ${nameOrPath}` : document.place,
    load: loadBeside,
  });
  const named = isName ? namedRecipes[nameOrPath] : undefined;
  // What is told of a named recipe is not inherited, but here it is that recipe itself.
  return named === undefined
    ? read
    : { ...read, title: named.title, description: named.description, source: named.source };
}
