import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadRecipe } from './node/index.ts';
import { startingProject } from './starting-project.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gankit-start-'));
});
afterAll(() => rm(folder, { recursive: true }));

const cases = ['mnist', 'ring', 'wgan-gp', './photos', 'grid', '../a "b"/c'].flatMap((data) => [
  [data, true] as const,
  [data, false] as const,
]);

test.each(cases)('the recipe for %s is one that can be read (TypeScript: %s)', async (data, typescript) => {
  const files = startingProject({ name: 'My first GAN!', data, typescript, version: '^1.0.0' });
  const [recipe, manifest] = files;
  expect(recipe!.path).toBe(typescript ? 'recipe.ts' : 'recipe.mjs');
  const path = join(
    folder,
    `${files.length}-${cases.findIndex(([each, ts]) => each === data && ts === typescript)}-${recipe!.path}`,
  );
  await writeFile(path, recipe!.text);
  const read = await loadRecipe(path);
  expect(read.seed).toBe(1);
  if (data.includes('/')) expect(read.data).toEqual({ name: 'pictures', path: data });
  const { name, scripts, devDependencies } = JSON.parse(manifest!.text);
  expect(name).toBe('my-first-gan');
  expect(scripts.train).toContain(recipe!.path);
  expect(devDependencies['@gankit/cli']).toBe('^1.0.0');
});

test('data without a name are refused', () => {
  expect(() => startingProject({ name: 'a', data: ' ', typescript: true, version: '1' })).toThrow(
    'Name the data to learn',
  );
});
