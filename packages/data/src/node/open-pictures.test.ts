// Folders of pictures: what is found, what becomes of sizes and colours, and what a broken file does.
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { disposeBatch, RandomStream } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BrokenPicture, type OpenPicturesOptions, openPictures } from './open-pictures.ts';
import { pictureFolder } from './picture-folder.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gankit-pictures-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

type Colour = { r: number; g: number; b: number; alpha: number };
const red: Colour = { r: 255, g: 0, b: 0, alpha: 1 };

async function put(path: string, width = 16, height = 16, background: Colour = red): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await sharp({ create: { width, height, channels: 4, background } }).toFile(join(folder, path));
}

async function read(options: OpenPicturesOptions = {}) {
  const source = await openPictures(await pictureFolder(folder), options);
  const stream = source.batches({ batchSize: source.size!, epochs: 1 });
  const { value: batch } = await stream.next();
  await stream.return?.();
  const values = Array.from(await batch!.data.data());
  const labels = batch!.labels === undefined ? undefined : Array.from(await batch!.labels.data());
  disposeBatch(batch!);
  return { source, values, labels };
}

describe('a folder of pictures', () => {
  it('has a class for each folder at its top, in the order of their names', async () => {
    for (const path of ['b/deep/1.png', 'a/2.png', 'b/0.png', 'a/10.png']) await put(path);
    const { source, labels } = await read();
    expect(source.classNames).toEqual(['a', 'b']);
    expect(labels).toEqual([0, 0, 1, 1]);
  });

  it('has no classes without folders, and may hold one picture', async () => {
    await put('one.png');
    const { source, labels } = await read();
    expect(source).toMatchObject({ size: 1, shape: [16, 16, 3], classNames: undefined });
    expect(labels).toBeUndefined();
  });

  it('that contains itself by a link is read once', async () => {
    await put('a/1.png');
    await symlink(folder, join(folder, 'a', 'loop'));
    expect((await pictureFolder(folder)).entries.map(({ path }) => path)).toEqual(['a/1.png']);
  });

  it('has a fingerprint that changes with its files alone', async () => {
    await put('a/1.png');
    const fingerprint = await (await pictureFolder(folder)).fingerprint();
    expect(await (await pictureFolder(folder)).fingerprint()).toBe(fingerprint);
    await put('a/2.png');
    expect(await (await pictureFolder(folder)).fingerprint()).not.toBe(fingerprint);
  });

  it('without a picture, or that is not there, is told by its path', async () => {
    await expect(pictureFolder(folder)).rejects.toThrow(`There is no picture in '${folder}'`);
    await expect(pictureFolder(join(folder, 'none'))).rejects.toMatchObject({ code: 'file' });
  });
});

describe('what pictures become', () => {
  it('a side that networks make, from the size of half of them', async () => {
    for (const [name, width, height] of [
      ['1.png', 300, 50],
      ['2.jpg', 40, 90],
      ['3.webp', 500, 400],
    ] as const) {
      await put(name, width, height);
    }
    expect((await read()).source.shape).toEqual([32, 32, 3]);
    expect((await read({ side: 12 })).source.shape).toEqual([12, 12, 3]);
  });

  it('transparency over a colour, or kept', async () => {
    await put('1.png', 8, 8, { r: 255, g: 0, b: 0, alpha: 0 });
    expect((await read()).values.slice(0, 3)).toEqual([1, 1, 1]);
    expect((await read({ background: '#0000ff' })).values.slice(0, 3)).toEqual([-1, -1, 1]);
    expect((await read({ channels: 'rgba' })).values[3]).toBe(-1);
  });

  it('16-bit gray as one channel at its full range', async () => {
    const values = Uint16Array.from({ length: 64 }, (_, at) => (at % 2 === 0 ? 65_535 : 0));
    await sharp(values, { raw: { width: 8, height: 8, channels: 1 } })
      .toColourspace('grey16')
      .toFile(join(folder, '1.png'));
    const result = await read();
    expect(result.source.shape).toEqual([8, 8, 1]);
    expect(result.values.slice(0, 4)).toEqual([1, -1, 1, -1]);
  });

  it('upright when the file says that it lies on its side', async () => {
    // Left half red and right half blue; turned by a quarter to the right, the upper half is red.
    const half = Buffer.from(Array.from({ length: 256 }, (_, at) => (at % 16 < 8 ? [255, 0, 0] : [0, 0, 255])).flat());
    await sharp(half, { raw: { width: 16, height: 16, channels: 3 } })
      .withMetadata({ orientation: 6 })
      .tiff({ compression: 'lzw' })
      .toFile(join(folder, '1.tiff'));
    const { values } = await read();
    expect(values.slice(0, 3)).toEqual([1, -1, -1]);
    expect(values.slice(15 * 3, 16 * 3)).toEqual([1, -1, -1]);
    expect(values.slice(-3)).toEqual([-1, -1, 1]);
  });

  it('colours from inks (CMYK) and from a palette', async () => {
    const ink = { create: { width: 8, height: 8, channels: 3, background: '#ff0000' } } as const;
    await sharp(ink).toColourspace('cmyk').jpeg().toFile(join(folder, '1.jpg'));
    await sharp(ink).png({ palette: true }).toFile(join(folder, '2.png'));
    expect((await sharp(join(folder, '1.jpg')).metadata()).space).toBe('cmyk');
    const { source, values } = await read();
    expect(source.shape).toEqual([8, 8, 3]);
    // Inks reach a part of the colours of a screen only; taken the wrong way round they would be cyan.
    const [r, g, b] = values as [number, number, number];
    expect(r - Math.max(g, b)).toBeGreaterThan(1);
    expect(values.slice(-3)).toEqual([1, -1, -1]);
  });

  it('the whole of it on a background, or filled', async () => {
    await put('1.png', 16, 8);
    expect((await read({ side: 8, fit: 'contain' })).values.slice(0, 3)).toEqual([1, 1, 1]);
    expect((await read({ side: 8, fit: 'cover' })).values.slice(0, 3)).toEqual([1, -1, -1]);
  });
});

describe('a broken picture', () => {
  beforeEach(async () => {
    await put('a/1.png');
    await put('b/3.png', 16, 16, { r: 0, g: 0, b: 255, alpha: 1 });
    await writeFile(join(folder, 'a', '2.png'), '');
  });

  it('is told of once, and the next one takes its place and its class', async () => {
    const broken: BrokenPicture[] = [];
    const { values, labels } = await read({ onBroken: (picture) => broken.push(picture) });
    expect(broken.map(({ path }) => path)).toEqual(['a/2.png']);
    expect(labels).toEqual([0, 1, 1]);
    expect(values.slice(16 * 16 * 3, 16 * 16 * 3 + 3)).toEqual([-1, -1, 1]);
  });

  it('may be one cut short, or one whose header promises more pixels than are allowed', async () => {
    const whole = await sharp(Buffer.from(Array.from({ length: 3072 }, (_, at) => (at * 37) % 256)), {
      raw: { width: 32, height: 32, channels: 3 },
    })
      .png()
      .toBuffer();
    await writeFile(join(folder, 'b', '4.png'), whole.subarray(0, whole.length / 2));
    const bomb = Buffer.from(whole);
    bomb.writeUInt32BE(60_000, 16);
    bomb.writeUInt32BE(60_000, 20);
    await writeFile(join(folder, 'b', '5.png'), bomb);
    const broken: BrokenPicture[] = [];
    await read({ onBroken: (picture) => broken.push(picture) });
    expect(broken.map(({ path }) => path).sort()).toEqual(['a/2.png', 'b/4.png', 'b/5.png']);
  });

  it('ends the reading where that is asked for', async () => {
    await expect(read({ broken: 'fail' })).rejects.toThrow("The picture 'a/2.png' cannot be decoded");
  });
});

describe('pictures that nobody here drew', () => {
  it('are read shuffled, resume at any batch to the same bytes, and leave no tensors', async () => {
    const emoji = dirname(createRequire(import.meta.url).resolve('emoji-datasource-twitter/package.json'));
    const source = await openPictures(await pictureFolder(join(emoji, 'img/twitter/64')));
    expect(source).toMatchObject({ size: 3786, shape: [64, 64, 3] });
    const before = tf.memory().numTensors;
    const open = () => source.batches({ batchSize: 4, random: new RandomStream(1) });
    const [stream, resumed] = [open(), open()];
    disposeBatch((await stream.next()).value!);
    resumed.loadState(await stream.saveState());
    const batches = [(await stream.next()).value!, (await resumed.next()).value!];
    const [one, other] = await Promise.all(batches.map(({ data }) => data.data()));
    expect(other).toEqual(one);
    batches.forEach(disposeBatch);
    await Promise.all([stream.return?.(), resumed.return?.()]);
    expect(tf.memory().numTensors).toBe(before);
  });
});
