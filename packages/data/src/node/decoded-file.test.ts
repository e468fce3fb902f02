// Decoded pictures from run to run.
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DecodedFileOptions, openDecodedFile } from './decoded-file.ts';
import { type OpenPicturesOptions, openPictures } from './open-pictures.ts';
import { pictureFolder } from './picture-folder.ts';
import { everySample } from './recorded.fixture.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gankit-decoded-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('records', () => {
  const open = (changes: Partial<DecodedFileOptions> = {}) =>
    openDecodedFile({ folder, key: 'a', count: 3, length: 4, onFailure: () => {}, ...changes });

  it('are there again when the file is opened anew, and others are not', async () => {
    const file = await open();
    await file.put(1, Uint8Array.of(1, 2, 3, 4));
    await file.close();
    const again = await open();
    expect([...(await again.get(1))!]).toEqual([1, 2, 3, 4]);
    expect(await again.get(0)).toBeUndefined();
    await again.close();
    const other = await open({ key: 'b' });
    expect(other.path).not.toBe(file.path);
    expect(await other.get(1)).toBeUndefined();
    await other.close();
  });

  it('that were damaged or cut short are not there, and neither are those of another shape', async () => {
    const file = await open();
    for (const index of [0, 1, 2]) await file.put(index, Uint8Array.of(index, 2, 3, 4));
    await file.close();
    const bytes = await readFile(file.path);
    bytes[bytes.length - 5]! ^= 1;
    await writeFile(file.path, bytes.subarray(0, -1));
    const again = await open();
    expect(await Promise.all([0, 1, 2].map(async (index) => (await again.get(index))?.[0]))).toEqual([
      0,
      undefined,
      undefined,
    ]);
    await again.close();
    const other = await open({ length: 5 });
    expect(await other.get(0)).toBeUndefined();
    await other.close();
  });

  it('that cannot be written are told once', async () => {
    const told: string[] = [];
    const file = await open({ onFailure: (sentence) => told.push(sentence) });
    await file.close();
    await file.put(0, new Uint8Array(4));
    await file.put(1, new Uint8Array(4));
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/^Decoded pictures are kept no longer in '.*' \(the file is closed\)\.$/);
  });
});

describe('pictures with a cache', () => {
  const photos = () => join(folder, 'photos');
  const put = async (name: string, background: string) =>
    sharp({ create: { width: 8, height: 8, channels: 3, background } })
      .png()
      .toFile(join(photos(), name));

  /** All samples, and how many pictures were read to decode them. */
  async function read(options: OpenPicturesOptions = {}) {
    const store = await pictureFolder(photos());
    let reads = 0;
    const counting = {
      ...store,
      read(index: number) {
        reads++;
        return store.read(index);
      },
    };
    const source = await openPictures(counting, { cache: join(folder, 'cache'), memory: 0, side: 8, ...options });
    const looked = reads;
    const { values } = await everySample(source);
    return { values, reads: reads - looked };
  }

  it('are decoded once, and anew when a file or the policy changed', async () => {
    await mkdir(photos());
    await put('1.png', '#ff0000');
    await put('2.png', '#0000ff');
    const first = await read();
    expect(first.reads).toBeGreaterThanOrEqual(2);
    expect(await read()).toEqual({ values: first.values, reads: 0 });
    expect((await read({ channels: 'gray' })).reads).toBeGreaterThan(0);
    expect((await read()).reads).toBe(0);
    await put('2.png', '#00ff00');
    await utimes(join(photos(), '2.png'), 1, 1);
    const changed = await read();
    expect(changed.values.slice(192, 195)).toEqual([-1, 1, -1]);
    expect((await readdir(join(folder, 'cache'))).length).toBe(3);
  });
});
