// What is in each package as it would be published.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { run } from './run.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Every file under a folder, by its path in it. */
async function filesIn(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const texts = await Promise.all(paths.map((path) => readFile(path, 'utf8')));
  return new Map(paths.map((path, index) => [relative(folder, path).replaceAll('\\', '/'), texts[index]!]));
}

interface Manifest {
  readonly license?: string;
  readonly exports?: Readonly<Record<string, { readonly types: string; readonly default: string }>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly scripts?: Readonly<Record<string, string>>;
}

test('every package of the house is packed', () => {
  const names = inject('packedPackages').map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['@gankit/core', '@gankit/trainer', '@gankit/cli']));
});

describe.each(inject('packedPackages'))('$name', ({ tarball }) => {
  let unpacked: string;
  let files: Map<string, string>;
  let manifest: Manifest;

  beforeAll(async () => {
    unpacked = await mkdtemp(join(tmpdir(), 'gankit-unpacked-'));
    await run(unpacked, 'tar', '-xzf', tarball);
    files = await filesIn(join(unpacked, 'package'));
    manifest = JSON.parse(files.get('package.json') ?? '{}') as Manifest;
  });
  afterAll(() => rm(unpacked, { recursive: true, force: true }));

  test('has a licence and a README', () => {
    expect(manifest.license).toBe('MIT');
    expect(files.get('LICENSE')).toContain('MIT License');
    expect((files.get('README.md') ?? '').length).toBeGreaterThan(300);
  });

  test('holds the build and nothing else', () => {
    const allowed =
      /^(package\.json|LICENSE|README\.md|CHANGELOG\.md|dist\/.+\.(js|js\.map|d\.ts|wasm)|recipe\.schema\.json|recipes\/[\w-]+\.json)$/;
    expect([...files.keys()].filter((path) => !allowed.test(path) || /\.(test|fixture)\./.test(path))).toEqual([]);
  });

  test('every entry of its manifest is there', () => {
    const entries = Object.values(manifest.exports ?? {}).flatMap(({ types, default: code }) => [types, code]);
    const named = [...entries, ...Object.values(manifest.bin ?? {})];
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((path) => !files.has(path.replace('./', '')))).toEqual([]);
  });

  test('names nothing of the machine it was built on and nothing of the workspace', () => {
    const traces = [root.replace(/[\\/]$/, ''), homedir(), 'workspace:', 'catalog:'];
    const found = [...files].flatMap(([path, text]) =>
      traces.filter((trace) => text.includes(trace)).map((trace) => `${path}: ${trace}`),
    );
    expect(found).toEqual([]);
  });

  test('runs no script when it is installed', () => {
    expect(Object.keys(manifest.scripts ?? {}).filter((name) => /install|prepare|prepack|publish/.test(name))).toEqual(
      [],
    );
  });

  test('has commands that start with a line for the shell', () => {
    for (const path of Object.values(manifest.bin ?? {})) {
      expect(files.get(path.replace('./', ''))).toMatch(/^#!\/usr\/bin\/env node\n/);
    }
  });

  test('satisfies publint', async () => {
    const buffer = await readFile(tarball);
    const bytes = buffer.buffer.slice(buffer.byteOffset, buffer.byteOffset + buffer.byteLength);
    const { messages, pkg } = await publint({ pack: { tarball: bytes }, strict: true });
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
  });

  test('has types that every resolution of ES modules finds', async ({ skip }) => {
    if (manifest.exports === undefined) return skip('it is a command, not a library');
    const attw = join(root, 'node_modules/@arethetypeswrong/cli/dist/index.js');
    await run(unpacked, process.execPath, attw, tarball, '--profile', 'esm-only', '--no-color');
  });
});
