// Folders and archives as they are out there: each row is a sentence or a counted warning, never a crash, and never silence.
import { mkdir, mkdtemp, readFile, rename, rm, symlink, truncate, unlink, writeFile } from 'node:fs/promises';
import { platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { GanKitError } from '@gankit/core';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseIdxNumbers } from '../idx.ts';
import { inspectData } from './inspect-data.ts';
import { openDataset } from './open-dataset.ts';
import { type BrokenPicture, openPictures } from './open-pictures.ts';
import { pictureZip } from './picture-archive.ts';
import { pictureFolder } from './picture-folder.ts';
import { everySample, recorded } from './recorded.fixture.ts';
import { listZip } from './zip-listing.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gankit-bad-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const png = (background = '#ff0000', width = 8, height = 8) =>
  sharp({ create: { width, height, channels: 3, background } })
    .png()
    .toBuffer();
const put = (name: string, bytes: Uint8Array | string) => writeFile(join(folder, name), bytes);

async function readAll() {
  const broken: BrokenPicture[] = [];
  const source = await openPictures(await pictureFolder(folder), { onBroken: (picture) => broken.push(picture) });
  return { source, broken, ...(await everySample(source)) };
}

describe('a folder', () => {
  it('of sizes and channels of every kind becomes one shape', async () => {
    await put('1.png', await png('#ff0000', 9, 40));
    await put(
      '2.png',
      await sharp(await png('#00ff00', 70, 30))
        .ensureAlpha(0.5)
        .png()
        .toBuffer(),
    );
    await put(
      '3.jpg',
      await sharp(await png('#0000ff', 200, 200))
        .grayscale()
        .jpeg()
        .toBuffer(),
    );
    const { source, broken } = await readAll();
    expect(source.shape).toEqual([16, 16, 3]);
    expect(source.notes![0]).toMatch(/^Pictures are of several sizes and become 16 x 16, rgb/);
    expect(broken).toEqual([]);
  });

  it('with the wrong endings but the right bytes is read, and what only looks like a picture is left out', async () => {
    await put('1.jpg', await png());
    await put(
      '2.png',
      '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><image href="/etc/hostname"/></svg>'.slice(0, 20),
    );
    const { values, broken } = await readAll();
    expect(values.slice(0, 3)).toEqual([1, -1, -1]);
    expect(broken.map(({ path }) => path)).toEqual(['2.png']);
  });

  it('whose files vanish, or are cut short, while it is read goes on without them', async () => {
    for (const [name, colour] of [
      ['1.png', '#ff0000'],
      ['2.png', '#00ff00'],
      ['3.png', '#0000ff'],
    ] as const)
      await put(name, await png(colour));
    const broken: BrokenPicture[] = [];
    const store = await pictureFolder(folder);
    const source = await openPictures(store, { onBroken: (picture) => broken.push(picture) });
    await unlink(join(folder, '1.png'));
    await truncate(join(folder, '2.png'), 50);
    const { values } = await everySample(source);
    expect(broken.map(({ path }) => path).sort()).toEqual(['1.png', '2.png']);
    for (const at of [0, 1, 2]) expect(values.slice(192 * at, 192 * at + 3)).toEqual([-1, -1, 1]);
    // Opened anew, what is gone is not even listed.
    await rename(join(folder, '2.png'), join(folder, '2.txt'));
    expect((await inspectData(folder)).count).toBe(1);
  });

  it('whose first file vanished before it was looked at is still looked at', async () => {
    await put('1.png', await png());
    await put('2.png', await png());
    const store = await pictureFolder(folder);
    await unlink(join(folder, '1.png'));
    expect((await openPictures(store, { onBroken: () => {} })).shape).toEqual([8, 8, 3]);
  });

  it('of nothing but broken files is one sentence', async () => {
    await put('1.png', '');
    await put('2.png', 'x');
    await expect(readAll()).rejects.toThrow('None of the first 2 pictures looked at in');
  });

  it('with links to nowhere, to itself and to files elsewhere', async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), 'gankit-elsewhere-'));
    await writeFile(join(elsewhere, 'a.png'), await png());
    await symlink(join(elsewhere, 'a.png'), join(folder, 'linked.png'));
    await symlink(join(folder, 'none.png'), join(folder, 'dangling.png'));
    await symlink(folder, join(folder, 'loop'));
    expect((await readAll()).source.size).toBe(1);
    await rm(elsewhere, { recursive: true });
  });

  it.skipIf(platform() !== 'linux')(
    'with a name that is no UTF-8 leaves that file out by what can be said of it',
    async () => {
      await put('1.png', await png());
      await writeFile(
        Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0x62, 0xff]), Buffer.from('.png')]),
        await png(),
      );
      const { source, broken } = await readAll();
      expect(source.size).toBe(2);
      expect(broken).toHaveLength(1);
      expect(broken[0]!.reason).toMatch(/ENOENT/);
    },
  );
});

describe('an archive', () => {
  it('with a damaged, an encrypted and a missing picture is read without them', async () => {
    const bytes = zipSync({
      'a.png': await png(),
      'b.png': [await png('#0000ff'), { level: 0 }],
      'c.png': new Uint8Array(0),
    });
    const view = new DataView(bytes.buffer);
    // The flag of encryption of the first file, in the directory.
    const directory = Buffer.from(bytes).indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
    view.setUint16(directory + 8, view.getUint16(directory + 8, true) | 1, true);
    await put('set.zip', bytes);
    const broken: BrokenPicture[] = [];
    const source = await openPictures(await pictureZip(join(folder, 'set.zip')), {
      onBroken: (picture) => broken.push(picture),
    });
    expect((await everySample(source)).values.slice(0, 3)).toEqual([-1, -1, 1]);
    expect(broken.map(({ path }) => path).sort()).toEqual(['a.png', 'c.png']);
  });

  it('is never a crash or another error than ours, however it is damaged', async () => {
    const whole = await readFile(recorded('folders.zip'));
    const path = join(folder, 'fuzz.zip');
    const edits = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(edits, fc.integer({ min: 0, max: 40 }), async (changes, cut) => {
        const bytes = Buffer.from(whole.subarray(0, whole.length - cut));
        for (const [at, byte] of changes) if (at < bytes.length) bytes[at] = byte;
        await writeFile(path, bytes);
        const listing = await listZip(path).catch((error: unknown) => error);
        if (GanKitError.isInstance(listing)) return;
        const { files, read, close } = listing as Awaited<ReturnType<typeof listZip>>;
        // What cannot be read rejects, and the picture counts as broken; it never gives more than it said.
        for (const [index, { size }] of files.entries()) {
          const content = await read(index).catch(() => undefined);
          if (content !== undefined) expect(content.length).toBe(size);
        }
        await close();
      }),
      { numRuns: 200 },
    );
  });
});

it('any bytes behind any beginning are data or one of our sentences', async () => {
  const beginnings = [
    [0x89, 0x4e],
    [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0],
    [0x50, 0x4b, 3, 4],
    [0x50, 0x41, 0x52, 0x31],
    [0, 0, 8, 3],
    [0x1f, 0x8b, 8],
    [],
  ];
  const path = join(folder, 'any.csv');
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...beginnings), fc.uint8Array({ maxLength: 600 }), async (beginning, rest) => {
      await writeFile(path, Uint8Array.from([...beginning, ...rest]));
      await openDataset(path).catch((error: unknown) => {
        if (!GanKitError.isInstance(error)) throw error;
      });
    }),
    { numRuns: 150 },
  );
});

it('IDX of any bytes is an array or one of our sentences', () => {
  const header = fc.tuple(fc.constantFrom(0, 1), fc.constantFrom(8, 9, 11, 12, 13, 14, 7), fc.nat(5));
  fc.assert(
    fc.property(header, fc.uint8Array({ maxLength: 60 }), ([zero, type, rank], rest) => {
      try {
        const { shape, data } = parseIdxNumbers(Uint8Array.from([zero, 0, type, rank, ...rest]), 'a');
        expect(data.length).toBe(shape.reduce((product, size) => product * size, 1));
      } catch (error) {
        expect(GanKitError.isInstance(error)).toBe(true);
      }
    }),
    { numRuns: 2000 },
  );
});

it('an empty folder in a folder, and one of other files, have no picture', async () => {
  await mkdir(join(folder, 'empty'));
  await put('notes.txt', 'x');
  await expect(openDataset(folder)).rejects.toThrow(/There is no picture in/);
});
