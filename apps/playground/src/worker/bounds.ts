// What a page can bear: a recipe comes from anybody's address, and a network of a million units would end the tab.
import { GanKitError } from '@gankit/core';
import type { ResolvedRecipe } from '@gankit/recipes';

const mostWidth = 1024;
const mostLayers = 12;
const mostBatch = 4096;

/** Every number that a recipe says, with its path. */
function* numbersOf(value: unknown, path: string): Generator<readonly [path: string, value: number]> {
  if (typeof value === 'number') yield [path, value];
  else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) yield* numbersOf(inner, path === '' ? key : `${path}.${key}`);
  }
}

function refuse(path: string, value: number, most: number): never {
  throw new GanKitError(
    'invalid-argument',
    `${path} is ${value}, and a page bears ${most} at most; take a smaller number, or train it with the gankit command.`,
    { value },
  );
}

/** @throws GanKitError `invalid-argument` for sizes that would take more memory than a page has. */
export function checkBounds(recipe: ResolvedRecipe): void {
  if (recipe.batchSize > mostBatch) refuse('batchSize', recipe.batchSize, mostBatch);
  for (const player of ['generator', 'discriminator'] as const) {
    const layers = recipe[player]['hidden'];
    if (Array.isArray(layers) && layers.length > mostLayers)
      refuse(`The layers of the ${player}`, layers.length, mostLayers);
    for (const [path, value] of numbersOf(recipe[player], player))
      if (value > mostWidth) refuse(path, value, mostWidth);
  }
  for (const [path, value] of numbersOf([recipe.negatives, recipe.schedule, recipe.conditioning], 'parts')) {
    if (/capacity|maximum|Updates|updates|size/i.test(path) && value > mostBatch) refuse(path, value, mostBatch);
  }
}
