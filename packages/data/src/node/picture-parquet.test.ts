// Parquet files of pictures, as Hugging Face's data sets are.
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GanKitError } from '@gankit/core';
import fc from 'fast-check';
import { ByteWriter, type ColumnSource, parquetWrite } from 'hyparquet-writer';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDataset } from './open-dataset.ts';
import { openPictureStore } from './open-picture-store.ts';
import { openParquet } from './parquet-file.ts';
import { pictureParquet } from './picture-parquet.ts';
import { coloursOf, everySample, recorded, recordedColours } from './recorded.fixture.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gankit-parquet-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function write(name: string, columnData: ColumnSource[]): Promise<string> {
  const writer = new ByteWriter();
  parquetWrite({ writer, columnData });
  await writeFile(join(folder, name), writer.getBytes());
  return join(folder, name);
}

describe('pictures in Parquet', () => {
  it.each(['snappy', 'zstd', 'none'])('packed by %s, with the names of the classes', async (codec) => {
    const { source, colours, labels } = await coloursOf(await pictureParquet(recorded(`pictures-${codec}.parquet`)));
    expect(source).toMatchObject({ size: 10, shape: [8, 8, 3], classNames: ['cat', 'dog', 'fish'] });
    expect(colours).toEqual(recordedColours());
    expect(labels).toEqual([0, 1, 2, 0, 1, 2, 0, 1, 2, 0]);
  });

  it('in several files are one set, of the training split where there is one', async () => {
    for (const name of ['train-00000-of-00002', 'train-00001-of-00002', 'test-00000-of-00001']) {
      await copyFile(recorded('pictures-snappy.parquet'), join(folder, `${name}.parquet`));
    }
    const { colours } = await coloursOf(await openPictureStore(folder));
    expect(colours).toEqual([...recordedColours(), ...recordedColours()]);
  });

  it('leave no temporary file behind when they are closed', async () => {
    const spools = async () => (await readdir(tmpdir())).filter((name) => name.startsWith('gankit-spool-')).length;
    const before = await spools();
    const store = await pictureParquet(recorded('pictures-snappy.parquet'));
    const [first, again] = await Promise.all([store.read(9), store.read(9)]);
    expect(again).toEqual(first);
    await store.close();
    expect(await spools()).toBeLessThanOrEqual(before);
  });

  it('without bytes in a row are broken there', async () => {
    const png = await readFile(recorded('stylegan.zip')).then((zip) => zip.subarray(53, 53 + 75));
    const path = await write('holes.parquet', [{ name: 'image', type: 'BYTE_ARRAY', data: [png, null, png] }]);
    const store = await pictureParquet(path);
    expect((await store.read(1)).length).toBe(0);
    await store.close();
  });

  it.each([
    ['kept back', [-1n, -1n], undefined, undefined],
    ['whole numbers with gaps', [5n, 2n], ['2', '5'], 1],
  ])('whose labels are %s', async (_, data, classNames, label) => {
    const image = { name: 'image', type: 'BYTE_ARRAY', data: [Uint8Array.of(1), Uint8Array.of(2)] } as const;
    const store = await pictureParquet(
      await write('a.parquet', [
        { ...image, data: [...image.data] },
        { name: 'label', data },
      ]),
    );
    expect(store.classNames).toEqual(classNames);
    expect(store.entries[0]!.label).toBe(label);
    await store.close();
  });

  it('whose labels are no classes describe their pictures, and a missing one is refused', async () => {
    const data = [Uint8Array.of(1), Uint8Array.of(2)];
    const image: ColumnSource = { name: 'image', type: 'BYTE_ARRAY', data };
    const ages = await pictureParquet(await write('a.parquet', [image, { name: 'label', data: [1.5, 2] }]));
    expect(ages.entries[0]!.vector).toEqual([1.5]);
    await ages.close();
    const holes = await write('b.parquet', [image, { name: 'label', type: 'INT32', data: [1, null] }]);
    await expect(pictureParquet(holes)).rejects.toThrow("has null as 'label' in row 1");
  });

  it('are never a crash or another error than ours, however the file is damaged', async () => {
    const whole = await readFile(recorded('pictures-none.parquet'));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 6 }), async (changes) => {
        const bytes = Buffer.from(whole);
        for (const [at, byte] of changes) bytes[at] = byte;
        const path = join(folder, 'fuzz.parquet');
        await writeFile(path, bytes);
        const store = await pictureParquet(path).catch((error: unknown) => error);
        if (GanKitError.isInstance(store)) return;
        const { entries, read, close } = store as Awaited<ReturnType<typeof pictureParquet>>;
        for (const index of entries.keys()) {
          await read(index).catch((error: unknown) => expect(GanKitError.isInstance(error)).toBe(true));
        }
        await close();
      }),
      { numRuns: 200 },
    );
  });
});

describe('tables in Parquet', () => {
  it('are numbers, flags and texts; other columns are left out and told', async () => {
    const source = await openDataset(recorded('table.parquet'), { missing: 'drop' });
    expect(source.columns).toEqual([
      { name: 'age', kind: 'number', minimum: 20, maximum: 50, whole: true },
      { name: 'pay', kind: 'number', minimum: 1.5, maximum: 4, whole: false },
      { name: 'town', kind: 'category', categories: ['Bern', 'Lima', 'Rome'] },
      { name: 'member', kind: 'category', categories: ['false', 'true'] },
    ]);
    expect(source.notes).toContain('Columns that are neither numbers nor texts are left out: when.');
    expect(source.notes).toContain('1 of 4 rows are left out, because a value is missing in them.');
    const { values } = await everySample(source);
    expect(values.slice(0, 7)).toEqual([-1, -1, 1, -1, -1, -1, 1]);
  });

  it('that are cut short or none at all are refused', async () => {
    const whole = await readFile(recorded('table.parquet'));
    await writeFile(join(folder, 'cut.parquet'), whole.subarray(0, 700));
    await expect(openParquet(join(folder, 'cut.parquet'))).rejects.toMatchObject({ code: 'invalid-data' });
  });
});
