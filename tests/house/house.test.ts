// The rules of the house, on the house itself.
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { brokenRules } from './rules.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

const skipped = new Set(['node_modules', 'dist', 'runs', 'fixtures', 'coverage']);

/** Every source file and package.json under a folder; made things and hidden folders are left out. */
function* sourcePaths(folder = ''): Generator<string> {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    if (entry.name.startsWith('.') || skipped.has(entry.name)) continue;
    const path = posix.join(folder, entry.name);
    if (entry.isDirectory()) yield* sourcePaths(path);
    else if (entry.name === 'package.json' || /\.(ts|mts|mjs|js)$/.test(entry.name)) yield path;
  }
}

test('every file keeps the rules of the house', () => {
  const tree = new Map([...sourcePaths()].map((path) => [path, readFileSync(join(root, path), 'utf8')]));
  expect(tree.has('packages/core/src/index.ts')).toBe(true);
  expect(tree.size).toBeGreaterThan(50);
  expect(brokenRules(tree)).toEqual([]);
});
