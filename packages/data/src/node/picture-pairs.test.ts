// Pairs of pictures, mirrored pictures, and some of many.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type DataSource, disposeBatch } from '@gankit/core';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { selectPictures } from '../pictures/select-pictures.ts';
import { openDataset } from './open-dataset.ts';
import { openPictureStore } from './open-picture-store.ts';
import { openPictures } from './open-pictures.ts';
import { recorded } from './recorded.fixture.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gankit-pairs-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A picture of columns of gray, one value for each. */
async function put(path: string, columns: readonly number[], height = 8): Promise<void> {
  const pixels = Buffer.from(Array.from({ length: height }, () => columns).flat());
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await sharp(pixels, { raw: { width: columns.length, height, channels: 1 } })
    .toColourspace('b-w')
    .png()
    .toFile(join(folder, path));
}

const bytes = (values: ArrayLike<number>) => Array.from(values, (value) => Math.round((value + 1) * 127.5));

/** The first row of every sample, and of the image that is told with it. */
async function rowsOf(source: DataSource) {
  const { value: batch } = await source.batches({ batchSize: source.size! }).next();
  const [, side] = source.shape;
  const rows = async (values: Float32Array) =>
    Array.from({ length: source.size! }, (_, at) =>
      bytes(values.subarray(at * side! * side!, at * side! * side! + side!)),
    );
  const data = await rows((await batch!.data.data()) as Float32Array);
  const images = batch!.images && (await rows((await batch!.images.data()) as Float32Array));
  disposeBatch(batch!);
  return { data, images };
}

const dark = [0, 10, 20, 30, 40, 50, 60, 70];
const light = dark.map((value) => value + 150);

describe('pairs', () => {
  it('are the halves of one picture, in either order', async () => {
    await put('1.png', [...dark, ...light]);
    const forth = await openDataset(folder, { halves: 'left-to-right' });
    expect(forth).toMatchObject({ shape: [8, 8, 1], pairedShape: [8, 8, 1] });
    expect(forth.notes![0]).toMatch(/^Halves of pictures stay 8 x 8, gray/);
    expect(await rowsOf(forth)).toEqual({ data: [light], images: [dark] });
    expect(await rowsOf(await openDataset(folder, { halves: 'right-to-left' }))).toEqual({
      data: [dark],
      images: [light],
    });
  });

  it('lie in two folders under the same names, whatever their endings', async () => {
    await put('photos/b.png', light);
    await put('photos/a.png', dark);
    await put('edges/a.png', light);
    await put('edges/b.webp', light);
    await sharp(join(folder, 'edges/b.webp')).toBuffer();
    const source = await openDataset(join(folder, 'photos'), { inputs: join(folder, 'edges') });
    const { data, images } = await rowsOf(source);
    expect(data).toEqual([dark, light]);
    expect(images).toEqual([light, light]);
    await rm(join(folder, 'edges/b.webp'));
    await expect(openDataset(join(folder, 'photos'), { inputs: join(folder, 'edges') })).rejects.toThrow(
      "'b.png' in 'photos' has no partner of the same name in 'edges'",
    );
  });

  it('are mirrored together', async () => {
    await put('1.png', [...dark, ...light]);
    const source = await openDataset(folder, { halves: 'left-to-right', mirror: true });
    const reversed = (row: readonly number[]) => [...row].reverse();
    expect(await rowsOf(source)).toEqual({ data: [light, reversed(light)], images: [dark, reversed(dark)] });
  });

  it('are not both at once, and a picture of one column is broken', async () => {
    await put('1.png', [1], 8);
    await put('2.png', [...dark, ...light]);
    const told: string[] = [];
    const store = await openPictureStore(folder);
    const source = await openPictures(store, {
      halves: 'left-to-right',
      side: 8,
      onBroken: ({ reason }) => told.push(reason),
    });
    expect((await rowsOf(source)).data).toEqual([light, light]);
    expect(told).toEqual(['it is too narrow to be cut in half']);
    await expect(openPictures(store, { halves: 'left-to-right', inputs: store })).rejects.toMatchObject({
      code: 'incompatible',
    });
  });
});

describe('colour', () => {
  it('is mirrored pixel by pixel', async () => {
    const pixels = Buffer.from(Array.from({ length: 8 * 8 }, (_, at) => [at % 8, 100 + (at % 8), 200]).flat());
    await sharp(pixels, { raw: { width: 8, height: 8, channels: 3 } })
      .png()
      .toFile(join(folder, '1.png'));
    const source = await openDataset(folder, { mirror: true });
    const { value } = await source.batches({ batchSize: 2 }).next();
    const values = bytes(await value!.data.data());
    expect(values.slice(192, 198)).toEqual([7, 107, 200, 6, 106, 200]);
    disposeBatch(value!);
  });
});

describe('some of many', () => {
  const open = () => openPictureStore(recorded('pictures-snappy.parquet'));

  it('are those of some classes, numbered anew', async () => {
    const store = selectPictures(await open(), { classes: ['fish', 'cat'] });
    expect(store.classNames).toEqual(['cat', 'fish']);
    expect(store.entries.map(({ label }) => label)).toEqual([0, 1, 0, 1, 0, 1, 0]);
    expect(await store.read(1)).toEqual(await (await open()).read(2));
    await expect(openDataset(recorded('stylegan.zip'), { classes: '0,7' })).rejects.toThrow("has no class '7'");
  });

  it('are a training and a test set that share none and stay as they are when pictures are added', async () => {
    const entries = Array.from({ length: 2000 }, (_, at) => ({ path: `${at}.png` }));
    const store = { ...(await open()), entries, classNames: undefined };
    const paths = (of: readonly { path: string }[], split: 'train' | 'test') =>
      selectPictures({ ...store, entries: of }, { split, testShare: 0.25 }).entries.map(({ path }) => path);
    const [train, test] = [paths(entries, 'train'), paths(entries, 'test')];
    expect(new Set([...train, ...test]).size).toBe(2000);
    expect(train.length + test.length).toBe(2000);
    // Six standard deviations of a binomial draw.
    expect(Math.abs(test.length - 500)).toBeLessThan(6 * Math.sqrt(2000 * 0.25 * 0.75));
    expect(paths(entries.slice(0, 1000), 'test')).toEqual(test.filter((path) => Number.parseInt(path, 10) < 1000));
    const other = selectPictures({ ...store, entries }, { split: 'test', testShare: 0.25, splitSeed: 2 });
    expect(other.entries.map(({ path }) => path)).not.toEqual(test);
  });

  it('are parts that together are all', async () => {
    const sizes = [];
    for (const part of ['0/3', '1/3', '2/3']) sizes.push((await openDataset(recorded('stylegan.zip'), { part })).size);
    expect(sizes).toEqual([4, 3, 3]);
    await expect(openDataset(recorded('stylegan.zip'), { part: '3/3' })).rejects.toThrow('Part 3 of 3 does not exist');
    await expect(openDataset(recorded('stylegan.zip'), { part: '1 of 3' })).rejects.toThrow(
      'part must be INDEX/NUMBER such as 0/4',
    );
  });

  it('must be some', async () => {
    await expect(openDataset(recorded('stylegan.zip'), { split: 'test', testShare: 0 })).rejects.toThrow(
      /none is left/,
    );
  });
});

describe('decoded pictures', () => {
  it('are kept where all of them fit, and decoded again where not', async () => {
    await writeFile(join(folder, 'x'), '');
    for (const [memory, reads] of [
      [1, 10],
      [0, 20],
    ] as const) {
      const store = await openPictureStore(recorded('stylegan.zip'));
      let read = 0;
      const counting = {
        ...store,
        read(index: number) {
          read++;
          return store.read(index);
        },
      };
      const source = await openPictures(counting, { memory });
      const looked = read;
      const epochs = [];
      for await (const batch of source.batches({ batchSize: 10, epochs: 2 })) {
        epochs.push(await batch.data.data());
        disposeBatch(batch);
      }
      expect(epochs[1]).toEqual(epochs[0]);
      // A batch is read ahead while the one before it is decoded, so some may be decoded twice.
      expect(read - looked).toBeGreaterThanOrEqual(reads);
      await store.close();
    }
  });
});
