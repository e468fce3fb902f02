// Data of one's own through the command: a folder, a zip file, Parquet and a table, each by its path alone.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RandomStream } from '@gankit/core';
import { decode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gankit } from './gankit.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gankit-own-data-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const run = (...args: string[]) => gankit(args, folder);
const read = (path: string) => readFile(join(folder, path), 'utf8');
const recorded = fileURLToPath(new URL('../../packages/data/src/node/recorded', import.meta.url));
const emoji = join(
  dirname(createRequire(import.meta.url).resolve('emoji-datasource-twitter/package.json')),
  'img/twitter/64',
);
const small = ['--steps', '2', '--batch-size', '4', '--width', '4', '--latent-size', '8'];

test.each([
  ['a folder of pictures', emoji, 'Pictures stay 64 x 64, rgb', { name: 'pictures', side: 64, channels: 'rgb' }],
  ["StyleGAN's zip", join(recorded, 'stylegan.zip'), 'Pictures stay 8 x 8, rgb', { name: 'pictures', side: 8 }],
  ['a WebDataset', join(recorded, 'webdataset-000000.tar'), '5 images of 8 x 8 x 3', { name: 'pictures' }],
  ["Hugging Face's Parquet", join(recorded, 'pictures-zstd.parquet'), '10 images of 8 x 8 x 3', { name: 'pictures' }],
  ["NumPy's arrays", join(recorded, 'images.npz'), "the array 'x_train'", { name: 'arrays', kind: 'images' }],
])('%s trains, says what was chosen, and writes it down', async (name, path, said, data) => {
  const out = `runs/${name.replaceAll(/\W/g, '-')}`;
  const { code, stderr } = await run('train', '--data', path, ...small, '--out', out);
  expect(code, stderr).toBe(0);
  expect(stderr).toContain(said);
  expect(JSON.parse(await read(`${out}/recipe.json`)).data).toMatchObject({ ...data, path });
});

test('classes of a Parquet file are told to both players, and a run goes on with what was chosen first', async () => {
  const path = join(recorded, 'pictures-snappy.parquet');
  const { code, stderr } = await run(
    'train',
    '--data',
    path,
    '--conditional',
    'projection',
    ...small,
    '--out',
    'runs/c',
  );
  expect(code, stderr).toBe(0);
  expect(await run('train', '--resume', 'runs/c', '--steps', '3')).toMatchObject({ code: 0 });
  expect(await run('sample', 'runs/c', '--class', 'fish', '--count', '2')).toMatchObject({ code: 0 });
});

describe('a table', () => {
  beforeAll(async () => {
    const random = new RandomStream(1);
    const lines = Array.from({ length: 120 }, (_, row) => {
      const town = ['Bern', 'Lima', '"Rome, IT"'][row % 3];
      return `${20 + random.integer(40)},${(1000 * random.uniform()).toFixed(2)},${town}`;
    });
    await writeFile(join(folder, 'people.csv'), `age,pay,town\n${lines.join('\n')}\n`);
    const { code, stderr } = await run('train', '--data', 'people.csv', '--steps', '20', '--out', 'runs/people');
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('The table has 2 columns of numbers; categories: town (3).');
    expect(stderr).toContain('Samples of it: gankit sample runs/people --out samples.csv');
  });

  test('gives samples in its own units and words', async () => {
    const { code, stderr } = await run('sample', 'runs/people', '--count', '50', '--out', 'samples.csv');
    expect(code, stderr).toBe(0);
    const [names, ...rows] = (await read('samples.csv')).trimEnd().split('\n');
    expect(names).toBe('age,pay,town');
    expect(rows).toHaveLength(50);
    for (const row of rows) {
      expect(row).toMatch(/^\d\d,[\d.]+,(Bern|Lima|"Rome, IT")$/);
      const [age, pay] = row.split(',').map(Number) as [number, number];
      expect(age).toBeGreaterThanOrEqual(20);
      expect(age).toBeLessThan(60);
      expect(pay).toBeLessThanOrEqual(1000);
    }
  });

  test('is refused with a picture of it, and with a path and a folder', async () => {
    expect(await run('sample', 'runs/people', '--out', 'a.png')).toMatchObject({ code: 2 });
    const both = await run('train', '--data', 'people.csv', '--data-folder', '.');
    expect(both.stderr).toContain('is a path already; leave --data-folder away');
  });
});

test('what is not there, and what is no data, is one sentence', async () => {
  await mkdir(join(folder, 'empty'));
  await writeFile(join(folder, 'notes.md'), '# Notes');
  expect((await run('train', '--data', './none')).stderr).toMatch(
    /^gankit: '.\/none' cannot be read \(nothing is there\)/,
  );
  expect((await run('train', '--data', './empty')).stderr).toMatch(/^gankit: There is no picture in/);
  expect((await run('train', '--data', 'notes.md')).stderr).toMatch(/^gankit: 'notes.md' is no data that is known/);
});

describe('gankit data', () => {
  test('inspects: a report, a picture, and the same as JSON', async () => {
    const { code, stdout, stderr } = await run('data', 'inspect', join(recorded, 'stylegan.zip'));
    expect(code, stderr).toBe(0);
    expect(stdout).toContain('stylegan (pictures): 10 images of 8 x 8 x 3');
    expect(stdout).toMatch(/3 classes:\n {2}0 █+ 4\n {2}1 █+ 3\n/);
    expect(decode(await readFile(join(folder, 'stylegan-samples.png')))).toMatchObject({ channels: 3 });
    const json = await run(
      'data',
      'inspect',
      join(recorded, 'stylegan.zip'),
      '--json',
      '--limit',
      '2',
      '--set',
      'side=16',
    );
    expect(JSON.parse(json.stdout)).toMatchObject({
      count: 10,
      looked: 2,
      shape: [16, 16, 3],
      picture: 'stylegan-samples.png',
    });
    const table = await run('data', 'inspect', join(recorded, 'table.parquet'), '--set', 'missing=fill');
    expect(table.stdout).toContain('\nage,pay,town,member\n');
  });

  test('packs a set that trains, and replaces nothing unasked', async () => {
    const pack = ['data', 'pack', join(recorded, 'folders.zip'), '--out', 'set.zip', '--size', '16'];
    const { code, stderr } = await run(...pack);
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('10 pictures of 16 x 16, rgb: set.zip');
    expect(await run(...pack)).toMatchObject({ code: 1, stderr: expect.stringContaining('exists already') });
    expect(await run('train', '--data', 'set.zip', ...small, '--out', 'runs/packed')).toMatchObject({ code: 0 });
  });

  test('says what is wrong with its own arguments', async () => {
    expect((await run('data', 'inspcet', 'x')).code).toBe(2);
    expect((await run('data', 'pack', 'x')).stderr).toContain("Required option '--out <file>' not specified");
    expect(await run('data')).toMatchObject({ code: 2 });
  });
});
