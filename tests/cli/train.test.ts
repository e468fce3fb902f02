// `gankit train` and `gankit sample` from end to end, on the data and the files that a user has.
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gankit } from './gankit.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gankit-cli-'));
});
afterAll(() => rm(folder, { recursive: true }));

const path = (...parts: string[]) => join(folder, ...parts);
const run = (...args: string[]) => gankit(args, folder);
const ring = ['train', '--data', 'ring', '--steps', '30', '--batch-size', '32', '--width', '16'];

test('the same seed writes the same bytes, another seed does not', async () => {
  for (const [name, seed] of Object.entries({ a: '1', b: '1', c: '2' })) {
    expect(await run(...ring, '--seed', seed, '--out', `same/${name}`)).toMatchObject({ code: 0 });
  }
  for (const file of ['metrics.jsonl', 'generator/generator.safetensors', 'generator/generator.json', 'samples.png']) {
    const [a, b, c] = await Promise.all(['a', 'b', 'c'].map((name) => readFile(path('same', name, file))));
    expect(a!.equals(b!), file).toBe(true);
    if (file !== 'generator/generator.json') expect(a!.equals(c!), file).toBe(false);
  }
});

test('runs that start at one moment without --out get a folder each', async () => {
  const place = path('together');
  await mkdir(place);
  const results = await Promise.all([1, 2, 3, 4].map(() => gankit([...ring, '--seed', '1'], place)));
  expect(results.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
  const names = ['ring', 'ring-2', 'ring-3', 'ring-4'];
  expect((await readdir(join(place, 'runs'))).sort()).toEqual(names);
  const logs = await Promise.all(names.map((name) => readFile(join(place, 'runs', name, 'metrics.jsonl'), 'utf8')));
  expect(new Set(logs).size).toBe(1);
});

describe('a run', () => {
  beforeAll(async () => {
    const { code, stderr } = await run(
      ...ring,
      '--loss',
      'minimax:labelSmoothing=0.1',
      '--penalty',
      'r1:gamma=0.5',
      '--sample-every',
      '10',
      '--out',
      'runs/ring',
    );
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('Training mlp on ring');
    expect(stderr).toContain('30 steps in');
  });

  test('writes its configuration, a line for every step, pictures and the generator', async () => {
    const config = JSON.parse(await readFile(path('runs/ring/recipe.json'), 'utf8'));
    expect(config).toMatchObject({
      data: { name: 'ring', modes: 8 },
      loss: { name: 'minimax', labelSmoothing: 0.1, smoothing: 'one-sided' },
      penalties: [{ name: 'r1', gamma: 0.5, interval: 1 }],
      stopping: { steps: 30 },
      batchSize: 32,
      seed: 1,
      generator: { name: 'mlp', hidden: [16, 16] },
    });
    const lines = (await readFile(path('runs/ring/metrics.jsonl'), 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ step }) => step)).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
    expect(lines[29]).toMatchObject({ samplesSeen: 960, discriminator: { penalties: { r1: expect.any(Number) } } });
    expect((await readdir(path('runs/ring/samples'))).sort()).toEqual(
      ['000000', '000010', '000020', '000030'].map((step) => `step-${step}.png`),
    );
    expect(decode(await readFile(path('runs/ring/samples.png')))).toMatchObject({ width: 512, height: 512 });
  });

  test('is sampled as CSV and as an array, in the units of the data, the same with the same seed', async () => {
    for (const name of ['points.csv', 'again.csv', 'points.npy']) {
      const { code, stderr } = await run('sample', 'runs/ring', '--count', '150', '--seed', '5', '--out', name);
      expect(code, stderr).toBe(0);
    }
    const csv = await readFile(path('points.csv'), 'utf8');
    expect(await readFile(path('again.csv'), 'utf8')).toBe(csv);
    const points = csv
      .trimEnd()
      .split('\n')
      .map((line) => line.split(',').map(Number));
    const npy = await readFile(path('points.npy'));
    expect(npy.subarray(0, 128).toString('latin1')).toContain("'shape': (150, 2)");
    const values = points.flat();
    expect(values).toHaveLength(300);
    values.forEach((value, index) => {
      expect(npy.readFloatLE(npy.length - 4 * 300 + 4 * index)).toBe(Math.fround(value));
    });
  });

  test('is not written over, by training or by sampling', async () => {
    const before = await readFile(path('runs/ring/run.json'));
    expect(await run(...ring, '--out', 'runs/ring')).toMatchObject({
      code: 1,
      stderr:
        "gankit: The output folder 'runs/ring' already holds another run; choose another with --out, or go on with it: gankit train --resume runs/ring.\n",
    });
    expect((await readFile(path('runs/ring/run.json'))).equals(before)).toBe(true);
    const metrics = await stat(path('runs/ring/metrics.jsonl'));
    const endless = await run('sample', 'runs/ring', '--count', '1000000000000', '--out', 'all.csv');
    expect(endless).toMatchObject({ code: 2 });
    expect(endless.stderr).toContain('--count must be at most 134217728 for samples of 2 numbers');
    const refused = await run('sample', 'runs/ring', '--out', 'runs/ring/metrics.jsonl');
    expect(refused.code).not.toBe(0);
    expect((await run('sample', 'runs/ring', '--count', '1', '--out', 'points.csv')).stderr).toContain(
      'exists already',
    );
    expect((await stat(path('runs/ring/metrics.jsonl'))).size).toBe(metrics.size);
    expect(await run('sample', 'runs/ring', '--count', '1', '--out', 'points.csv', '--force')).toMatchObject({
      code: 0,
    });
  });
});

test('digits: a DCGAN on real MNIST, sampled as a grid, an array and single pictures', async () => {
  const small = ['--steps', '3', '--batch-size', '8', '--width', '4', '--latent-size', '8', '--sample-every', '2'];
  const { code, stderr } = await run('train', '--data', 'mnist', ...small, '--out', 'runs/digits');
  expect(code, stderr).toBe(0);
  expect(decode(await readFile(path('runs/digits/samples.png')))).toMatchObject({
    // A row for each class.
    width: 10 * 28 + 22,
    height: 10 * 28 + 22,
    channels: 1,
  });
  for (const out of ['grid.png', 'digits.npy', 'singles']) {
    expect(await run('sample', 'runs/digits', '--count', '5', '--out', out), out).toMatchObject({ code: 0 });
  }
  expect(decode(await readFile(path('grid.png')))).toMatchObject({ width: 3 * 28 + 8, height: 2 * 28 + 6 });
  const npy = await readFile(path('digits.npy'));
  expect(npy.subarray(0, 128).toString('latin1')).toContain("'shape': (5, 28, 28, 1)");
  const values = Array.from({ length: 5 * 784 }, (_, index) => npy.readFloatLE(npy.length - 4 * (index + 1)));
  expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(1);
  expect((await readdir(path('singles'))).sort()).toEqual([0, 1, 2, 3, 4].map((index) => `0000${index}.png`));
  expect(decode(await readFile(path('singles/00000.png')))).toMatchObject({ width: 28, height: 28 });
});

test('Ctrl-C ends the run after its step and keeps what was made', async () => {
  let interrupted = false;
  const long = [
    'train',
    '--data',
    'ring',
    '--steps',
    '1000000',
    '--width',
    '16',
    '--batch-size',
    '16',
    '--sample-every',
    '50',
    '--out',
    'runs/long',
  ];
  const timer = setInterval(() => {}, 1000);
  const result = await gankit(long, folder, (_, interrupt) => {
    if (interrupted || !existsSync(path('runs/long/samples/step-000050.png'))) {
      // The line of progress comes now and then; the picture tells that training is under way.
      if (!interrupted) setTimeout(interrupt, 4000);
      interrupted = true;
      return;
    }
    interrupted = true;
    interrupt();
  });
  clearInterval(timer);
  expect(result.code).toBe(130);
  expect(result.stderr).toContain('(aborted)');
  const lines = (await readFile(path('runs/long/metrics.jsonl'), 'utf8')).trimEnd().split('\n');
  const last = JSON.parse(lines.at(-1)!).step as number;
  expect(lines.filter((line) => !line.startsWith('{"type"'))).toHaveLength(last);
  const generator = JSON.parse(await readFile(path('runs/long/generator/generator.json'), 'utf8'));
  expect(generator.step).toBe(last);
  expect(await run('sample', 'runs/long', '--count', '4', '--out', 'kept.csv')).toMatchObject({ code: 0 });
});
