// The schema of recipes for editors and other programs.
import { toJsonSchema } from '@valibot/to-json-schema';
import { recipeSchema } from './recipe.ts';

/** Where the published schema of recipes is. */
export const recipeSchemaAddress = 'https://unpkg.com/@gankit/recipes/recipe.schema.json';

/**
 * Recipes as JSON Schema (draft 2020-12): what an editor completes and checks `*.json` and `*.yaml` with. Kept in
 * `recipe.schema.json` of this package.
 * @param data The data sets that a recipe may name; any when absent.
 */
export function recipeJsonSchema(data?: Parameters<typeof recipeSchema>[0]): Readonly<Record<string, unknown>> {
  const schema = toJsonSchema(recipeSchema(data), {
    target: 'draft-2020-12',
    typeMode: 'input',
    // No number of JSON is infinite, and what a check says in words has no place in a schema.
    ignoreActions: ['finite', 'check'],
  });
  return { ...schema, $id: recipeSchemaAddress, title: 'A recipe of GANKit' };
}
