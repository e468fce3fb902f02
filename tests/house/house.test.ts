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
    else if (entry.name === 'package.json' || /\.(tsx?|mts|mjs|js)$/.test(entry.name)) yield path;
  }
}

test('every file keeps the rules of the house', () => {
  const tree = new Map([...sourcePaths()].map((path) => [path, readFileSync(join(root, path), 'utf8')]));
  expect(tree.has('packages/core/src/index.ts')).toBe(true);
  expect(tree.size).toBeGreaterThan(50);
  expect(brokenRules(tree)).toEqual([]);
});

/** All that npm brings along with a package of the house, by name. */
function installedWith(name: string, found = new Set<string>()): Set<string> {
  const manifest = JSON.parse(readFileSync(join(root, name.replace('@gankit/', 'packages/'), 'package.json'), 'utf8'));
  for (const dependency of Object.keys(manifest.dependencies ?? {})) {
    if (found.has(dependency)) continue;
    found.add(dependency);
    if (dependency.startsWith('@gankit/')) installedWith(dependency, found);
  }
  return found;
}

test.each(['core', 'engine', 'losses', 'models', 'data', 'trainer', 'conditional', 'metrics', 'pictures'])(
  'whoever installs %s gets no backend on disk',
  (name) => {
    expect([...installedWith(`@gankit/${name}`)].filter((dependency) => /backend/.test(dependency))).toEqual([]);
    expect([...installedWith('@gankit/recipes')]).toContain('@tensorflow/tfjs-backend-wasm');
  },
);
