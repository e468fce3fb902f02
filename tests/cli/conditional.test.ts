// A generator that is told the class, from the command line: trained, resumed, sampled by class, exported.
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gankit } from './gankit.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gankit-conditional-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const path = (...names: string[]) => join(folder, ...names);
const run = (...args: string[]) => gankit(args, folder);

test('points of the class that was asked for, by number and by name, lie where that class is', async () => {
  const learned = await run(
    'train',
    '--data',
    'ring',
    '--conditional',
    'projection',
    '--steps',
    '600',
    '--out',
    'ring',
  );
  expect(learned.code, learned.stderr).toBe(0);
  // The fourth of eight modes on the circle: 135 degrees.
  for (const name of ['3', 'mode 3']) {
    expect(await run('sample', 'ring', '--class', name, '--count', '200', '--out', `${name}.csv`)).toMatchObject({
      code: 0,
    });
    const points = (await readFile(path(`${name}.csv`), 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => line.split(',').map(Number) as [number, number]);
    expect(points).toHaveLength(200);
    const near = points.filter(([x, y]) => Math.hypot(x + Math.SQRT1_2, y - Math.SQRT1_2) < 0.38);
    expect(near.length / points.length).toBeGreaterThan(0.9);
  }
  const wrong = await run('sample', 'ring', '--class', '8');
  expect(wrong).toMatchObject({ code: 2 });
  expect(wrong.stderr).toContain('--class must be a number from 0 to 7, or one of: mode 0, mode 1');
});

test('without --out samples go beside the others in the run, never over them', async () => {
  const plain = ['train', '--data', 'ring', '--steps', '5', '--width', '8', '--batch-size', '16', '--out', 'plain'];
  expect(await run(...plain)).toMatchObject({ code: 0 });
  for (const _ of [1, 2]) expect(await run('sample', 'plain', '--count', '3')).toMatchObject({ code: 0 });
  expect((await readdir(path('plain'))).filter((name) => name.endsWith('.csv')).sort()).toEqual([
    'more-samples-2.csv',
    'more-samples.csv',
  ]);
  const noClasses = await run('sample', 'plain', '--class', '1');
  expect(noClasses).toMatchObject({ code: 2 });
  expect(noClasses.stderr).toContain('This generator is told no classes');
});

describe.each(['projection', 'concatenation', 'auxiliary', 'contrastive'])('digits with %s', (kind) => {
  test('train, resume, sample by class and export', async () => {
    const small = ['--steps', '4', '--width', '2', '--latent-size', '4', '--batch-size', '8', '--backend', 'wasm'];
    const trained = await run('train', '--data', 'mnist', '--conditional', kind, ...small, '--out', kind);
    expect(trained.code, trained.stderr).toBe(0);
    // Ten rows of ten digits, 2 pixels between them.
    expect(decode(await readFile(path(kind, 'samples.png')))).toMatchObject({ width: 302, height: 302 });
    expect(await run('train', '--resume', kind)).toMatchObject({ code: 0 });
    expect(await run('sample', kind, '--class', '7', '--count', '9')).toMatchObject({ code: 0 });
    expect(decode(await readFile(path(kind, 'class-7.png')))).toMatchObject({ width: 92, height: 92 });
    expect(await run('export', kind, '--out', `${kind}.onnx`)).toMatchObject({ code: 0 });
    expect(existsSync(path(`${kind}.onnx`))).toBe(true);
  });
});
