// Packed sets: what other readers find in them, and that ours finds the same pictures.
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet/src/node.js';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PictureStore } from '../pictures/picture-store.ts';
import { openPictureStore } from './open-picture-store.ts';
import { packPictures } from './pack-pictures.ts';
import { coloursOf, recorded, recordedColours } from './recorded.fixture.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gankit-pack-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function packed(name: string, source = recorded('pictures-snappy.parquet'), options = {}) {
  const store = await openPictureStore(source);
  const path = join(folder, name);
  const result = await packPictures(store, { out: path, ...options }).finally(() => store.close());
  return { ...result, path };
}

describe('a packed set', () => {
  it.each([
    ['zip', ['cat', 'dog', 'fish']],
    ['parquet', ['cat', 'dog', 'fish']],
    ['tar', ['0', '1', '2']],
  ])('as .%s holds the same pictures and classes, and is the same bytes again', async (form, classNames) => {
    const { path, count, side, channels } = await packed(`set.${form}`);
    expect({ count, side, channels }).toEqual({ count: 10, side: 8, channels: 'rgb' });
    const { source, colours, labels } = await coloursOf(await openPictureStore(path));
    expect(source.classNames).toEqual(classNames);
    expect(colours).toEqual(recordedColours());
    expect(labels).toEqual([0, 1, 2, 0, 1, 2, 0, 1, 2, 0]);
    const again = await packed(`again.${form}`);
    expect((await readFile(again.path)).equals(await readFile(path))).toBe(true);
    expect((await readdir(folder)).sort()).toEqual([`again.${form}`, `set.${form}`]);
  });

  it("as .zip has the layout of StyleGAN's tools", async () => {
    const files = unzipSync(await readFile((await packed('set.zip')).path));
    expect(Object.keys(files).slice(0, 2)).toEqual(['00000/img00000000.png', '00000/img00000001.png']);
    const { labels } = JSON.parse(new TextDecoder().decode(files['dataset.json']));
    expect(labels.slice(0, 2)).toEqual([
      ['00000/img00000000.png', 0],
      ['00000/img00000001.png', 1],
    ]);
    expect(await sharp(files['00000/img00000003.png']).metadata()).toMatchObject({
      format: 'png',
      width: 8,
      channels: 3,
    });
  });

  it('as .parquet has the features that datasets read', async () => {
    const file = await asyncBufferFromFile((await packed('set.parquet')).path);
    const { key_value_metadata: pairs, num_rows: rows } = await parquetMetadataAsync(file);
    expect(rows).toBe(10n);
    expect(JSON.parse(pairs![0]!.value!)).toEqual({
      info: {
        features: { image: { _type: 'Image' }, label: { names: ['cat', 'dog', 'fish'], _type: 'ClassLabel' } },
      },
    });
    const [row] = await parquetReadObjects({ file, rowStart: 4, rowEnd: 5, utf8: false });
    expect(row).toMatchObject({ label: 1n, image: { path: '00000004.png' } });
  });

  it('may be gray, larger, and without classes', async () => {
    const store = { ...(await openPictureStore(recorded('stylegan.zip'))), classNames: undefined };
    const unlabelled: PictureStore = { ...store, entries: store.entries.map(({ path }) => ({ path })) };
    const out = join(folder, 'gray.zip');
    await packPictures(unlabelled, { out, side: 12, channels: 'gray' });
    await store.close();
    const { source } = await coloursOf(await openPictureStore(out));
    expect(source).toMatchObject({ shape: [12, 12, 1], classNames: undefined });
  });

  it.each(['zip', 'parquet'])('keeps numbers that describe as .%s', async (form) => {
    const store = await openPictureStore(recorded('stylegan.zip'));
    const described = {
      ...store,
      classNames: undefined,
      entries: store.entries.map(({ path }, at) => ({ path, vector: [at, 0.5] })),
    };
    const out = join(folder, `set.${form}`);
    await packPictures(described, { out });
    if (form === 'zip') {
      const opened = await openPictureStore(out);
      expect(opened.entries[3]!.vector).toEqual([3, 0.5]);
      await opened.close();
    } else {
      const rows = await parquetReadObjects({ file: await asyncBufferFromFile(out), utf8: false });
      expect(rows[3]!['label']).toEqual([3, 0.5]);
    }
    await expect(packPictures(described, { out: join(folder, 'set.tar') })).rejects.toMatchObject({
      code: 'incompatible',
    });
    await store.close();
  });
});

describe('packing', () => {
  beforeEach(async () => {
    await mkdir(join(folder, 'photos'));
    const picture = sharp({ create: { width: 8, height: 8, channels: 3, background: '#ff0000' } });
    await picture.png().toFile(join(folder, 'photos/a.png'));
    await writeFile(join(folder, 'photos/b.png'), 'no picture');
  });
  const photos = () => join(folder, 'photos');

  it('leaves out what is broken, and says so', async () => {
    const { count, leftOut } = await packed('set.tar', photos());
    expect(count).toBe(1);
    expect(leftOut.map(({ path }) => path)).toEqual(['b.png']);
  });

  it.each(['zip', 'tar', 'parquet'])('to .%s that fails leaves what was there', async (form) => {
    await writeFile(join(folder, `set.${form}`), 'before');
    await expect(packed(`set.${form}`, photos(), { broken: 'fail', force: true })).rejects.toThrow(
      /nothing was written/,
    );
    expect(await readFile(join(folder, `set.${form}`), 'utf8')).toBe('before');
    expect((await readdir(folder)).sort()).toEqual(['photos', `set.${form}`]);
  });

  it('does not replace a file unasked, and knows three endings', async () => {
    await writeFile(join(folder, 'set.zip'), 'before');
    await expect(packed('set.zip', photos())).rejects.toMatchObject({ code: 'conflict' });
    await expect(packed('set.rar', photos())).rejects.toThrow(/packed as .zip, .tar or .parquet/);
  });
});
