// What is said of data before training: counts by hand on small sets.
import { appendFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { inspectData } from './inspect-data.ts';
import { recorded } from './recorded.fixture.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gankit-inspect-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('pictures: sizes, classes, values, what is broken and what is none', async () => {
  const put = async (path: string, width: number, background: string) => {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await sharp({ create: { width, height: 8, channels: 3, background } })
      .png()
      .toFile(join(folder, path));
  };
  await put('cats/1.png', 8, '#000000');
  await put('cats/2.png', 8, '#000000');
  await put('dogs/1.png', 16, '#ffffff');
  await writeFile(join(folder, 'dogs/2.png'), '');
  await appendFile(join(folder, 'dogs/notes.doc'), 'x');
  const before = tf.memory().numTensors;
  const report = await inspectData(folder);
  expect(report).toMatchObject({
    dataSet: 'pictures',
    shape: [8, 8, 3],
    count: 4,
    looked: 4,
    classes: [
      { name: 'cats', count: 2 },
      { name: 'dogs', count: 2 },
    ],
    sizes: [
      { width: 8, height: 8, count: 2 },
      { width: 16, height: 8, count: 1 },
    ],
    leftOut: ['dogs/notes.doc'],
  });
  expect(report.broken.map(({ path }) => path)).toEqual(['dogs/2.png']);
  // The broken one is the last: the first takes its place.
  expect(report.histogram[0]).toBe(3 * 192);
  expect(report.histogram[15]).toBe(192);
  expect(report.mean).toBeCloseTo(-0.5, 6);
  expect(report.standardDeviation).toBeCloseTo(Math.sqrt(0.75), 6);
  expect(report.samples).toHaveLength(4 * 192);
  expect(tf.memory().numTensors).toBe(before);
});

test('at most as many as asked are read, all the same with the same path', async () => {
  const report = await inspectData(recorded('stylegan.zip'), { limit: 3 });
  expect(report).toMatchObject({ count: 10, looked: 3 });
  expect(report.samples).toHaveLength(3 * 192);
  expect(report.histogram.reduce((sum, count) => sum + count, 0)).toBe(3 * 192);
  expect(await inspectData(recorded('stylegan.zip'), { limit: 3 })).toEqual(report);
});

test('a table with its columns, and options of the data set', async () => {
  const report = await inspectData(recorded('table.parquet'), { options: { missing: 'drop', leaveOut: 'town' } });
  expect(report).toMatchObject({ dataSet: 'table', kind: 'table', count: 3, sizes: undefined, shape: [4] });
  expect(report.columns?.map(({ name }) => name)).toEqual(['age', 'pay', 'member']);
  await expect(inspectData(recorded('table.parquet'), { options: { mising: 'drop' } })).rejects.toThrow(
    "did you mean 'missing'?",
  );
  await expect(inspectData(recorded('table.parquet'), { limit: 0 })).rejects.toThrow('limit must be a whole number');
});
