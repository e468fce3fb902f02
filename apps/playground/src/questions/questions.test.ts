// What the questions say of docs/game.md must be in it.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { imageSet, ringOfGaussians } from '@gankit/data';
import { dataFacts, joinRecipes, readRecipe, resolveRecipe } from '@gankit/recipes';
import { expect, test } from 'vitest';
import { questions } from './questions.ts';

const page = readFileSync(fileURLToPath(new URL('../../../../docs/game.md', import.meta.url)), 'utf8');
/** As GitHub makes an address of a heading. */
const sections = [...page.matchAll(/^## (.+)$/gm)].map(([, heading]) =>
  heading!
    .toLowerCase()
    .replace(/[^\w\s-]/g, '')
    .replaceAll(' ', '-'),
);

const digits = imageSet({
  name: 'mnist',
  shape: [28, 28, 1],
  pixels: new Uint8Array(28 * 28 * 64),
  labels: Uint8Array.from({ length: 64 }, (_, index) => index % 10),
  classNames: [...'0123456789'],
});

test.each(questions)(
  '$id names a section that is there, and recipes that can be played',
  async ({ section, experiment, names }) => {
    if (section !== '') expect(sections).toContain(section);
    const { recipe, against } = experiment;
    expect(names === undefined).toBe(against === undefined);
    for (const written of [recipe, joinRecipes(recipe, against ?? {})]) {
      const read = await readRecipe(written);
      const source = (read.data as { name: string }).name === 'mnist' ? digits : ringOfGaussians();
      expect(resolveRecipe(read, dataFacts(source)).seed).toBe(1);
    }
  },
);

test('no two questions have one address', () => {
  expect(new Set(questions.map(({ id }) => id)).size).toBe(questions.length);
});
