// Zip and tar files of pictures, as other programs write them and as nobody should.
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GanKitError } from '@gankit/core';
import fc from 'fast-check';
import { strToU8, zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openPictureStore } from './open-picture-store.ts';
import { pictureTar, pictureZip } from './picture-archive.ts';
import { coloursOf, recorded, recordedColours } from './recorded.fixture.ts';
import { listTar } from './tar-listing.ts';
import { listZip } from './zip-listing.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gankit-archive-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function put(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

describe('a zip file', () => {
  it("of StyleGAN's tools has the classes of its dataset.json", async () => {
    const { source, colours, labels } = await coloursOf(await pictureZip(recorded('stylegan.zip')));
    expect(source).toMatchObject({ name: 'stylegan', size: 10, shape: [8, 8, 3], classNames: ['0', '1', '2'] });
    expect(colours).toEqual(recordedColours());
    expect(labels).toEqual([0, 1, 2, 0, 1, 2, 0, 1, 2, 0]);
  });

  it('of folders has a class for each, and passes over what macOS adds', async () => {
    const store = await pictureZip(recorded('folders.zip'));
    expect(store.leftOut).toEqual(['notes.doc']);
    const { source, colours, labels } = await coloursOf(store);
    expect(source.classNames).toEqual(['a', 'b', 'c']);
    expect(source.notes?.[1]).toBe('1 file is left out, being no pictures by the ending, such as notes.doc.');
    expect(colours).toEqual(recordedColours());
    expect(labels).toEqual([0, 1, 2, 0, 1, 2, 0, 1, 2, 0]);
  });

  it.each([
    [
      'numbers that describe',
      [
        ['a.png', [0.5, 1]],
        ['b.png', [0, -1]],
      ],
      { vector: [0, -1] },
    ],
    ['nothing', null, { label: undefined }],
  ])('with a dataset.json of %s', async (_, labels, second) => {
    const files = {
      'a.png': new Uint8Array(1),
      'b.png': new Uint8Array(1),
      'dataset.json': strToU8(JSON.stringify({ labels })),
    };
    const store = await pictureZip(await put('set.zip', zipSync(files)));
    expect(store.entries[1]).toMatchObject(second);
    await store.close();
  });

  it.each([
    ['is no JSON', '{', /dataset.json' is not JSON/],
    ['lacks a picture', '{"labels":[["b.png",1]]}', /has no label for 'a.png'/],
    ['has half a class', '{"labels":[["a.png",1.5]]}', /gives 'a.png' the label 1.5/],
    ['has a negative class', '{"labels":[["a.png",-1]]}', /gives 'a.png' the label -1/],
    ['has no pairs', '{"labels":["a.png"]}', /no pair of a path and a class: "a.png"/],
    ['has no list', '{"labels":7}', /'labels' that are no list/],
  ])('whose dataset.json %s is refused', async (_, json, message) => {
    const path = await put('set.zip', zipSync({ 'a.png': new Uint8Array(1), 'dataset.json': strToU8(json) }));
    await expect(pictureZip(path)).rejects.toThrow(message);
  });

  it.each(['../out.png', '/etc/out.png', 'a/../../out.png', 'C:/out.png'])(
    'with a file named %s is refused',
    async (name) => {
      const path = await put('slip.zip', zipSync({ [name]: new Uint8Array(1) }));
      await expect(pictureZip(path)).rejects.toMatchObject({ code: 'invalid-data', path });
    },
  );

  it('that unpacks to more than it says ends at what it says', async () => {
    // A million zeros that claim to be ten: sizes stand in the local header (22) and in the directory (24 after its signature).
    const bytes = zipSync({ 'a.png': new Uint8Array(1_000_000) });
    const view = new DataView(bytes.buffer);
    const directory = Buffer.from(bytes).indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
    view.setUint32(22, 10, true);
    view.setUint32(directory + 24, 10, true);
    const listing = await listZip(await put('bomb.zip', bytes));
    await expect(listing.read(0)).rejects.toThrow(/more|too many|byte/i);
    view.setUint32(directory + 24, 0xfffffff0, true);
    const huge = await listZip(await put('huge.zip', bytes));
    await expect(huge.read(0)).rejects.toThrow('it says that it has 4294967280 bytes');
    await listing.close();
    await huge.close();
  });

  it('that was cut short, is empty or holds no picture is told in a sentence', async () => {
    const whole = await readFile(recorded('stylegan.zip'));
    await expect(pictureZip(await put('cut.zip', whole.subarray(0, 900)))).rejects.toThrow(/is a damaged zip file/);
    await expect(pictureZip(await put('none.zip', zipSync({})))).rejects.toThrow(/There is no picture in/);
    await expect(pictureZip(join(folder, 'absent.zip'))).rejects.toMatchObject({ code: 'file' });
  });
});

describe('a tar file', () => {
  const shards = [recorded('webdataset-000000.tar'), recorded('webdataset-000001.tar')] as const;

  it('of WebDataset has its class beside each picture; its shards are one set', async () => {
    const { source, colours, labels } = await coloursOf(await pictureTar(...shards));
    expect(source).toMatchObject({
      name: 'webdataset',
      size: 10,
      classNames: ['0', '1', '2'],
      notes: [expect.any(String)],
    });
    expect(colours).toEqual(recordedColours());
    expect(labels).toEqual([0, 1, 2, 0, 1, 2, 0, 1, 2, 0]);
  });

  it('in a folder is found there', async () => {
    for (const [index, shard] of shards.entries()) await put(`train-${index}.tar`, await readFile(shard));
    await put('val-0.tar', await readFile(shards[0]));
    expect((await coloursOf(await openPictureStore(folder))).colours).toEqual(recordedColours());
  });

  it.each([
    ['GNU tar', 'long-names-gnu.tar', `${'a'.repeat(90)}/${'b'.repeat(90)}/000001.png`],
    ['pax', 'long-names-pax.tar', `${'é'.repeat(90)}/${'b'.repeat(90)}/000001.png`],
  ])('with the long names of %s', async (_, name, path) => {
    const listing = await listTar(recorded(name));
    expect(listing.files.map((file) => file.path)).toContain(path);
    await listing.close();
  });

  it('has no class for a picture without one, which is told', async () => {
    const whole = await readFile(shards[0]);
    // The first header names 000000.cls; under another name its picture has none.
    const header = Buffer.from(whole.subarray(0, 512));
    header.write('x', 0, 'latin1');
    const sum = header.fill(32, 148, 156).reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
    const path = await put('set.tar', Buffer.concat([header, whole.subarray(512)]));
    await expect(pictureTar(path)).rejects.toThrow("has '000000.png' without a .cls file, which others have");
  });

  it('that was cut short or is followed by something else is refused', async () => {
    const whole = await readFile(shards[0]);
    await expect(pictureTar(await put('cut.tar', whole.subarray(0, 1500)))).rejects.toThrow(/was cut short/);
    const more = await put('more.tar', whole.subarray(0, 1024));
    await appendFile(more, Buffer.alloc(512, 7));
    await expect(pictureTar(more)).rejects.toThrow('there is no header at byte 1024');
  });

  it('is never a crash, a hang or another error than ours, however it is damaged', async () => {
    const whole = await readFile(recorded('long-names-pax.tar'));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(8191), fc.nat(255)), { maxLength: 8 }),
        fc.nat(whole.length),
        async (changes, length) => {
          const bytes = Buffer.from(whole.subarray(0, length));
          for (const [at, byte] of changes) if (at < length) bytes[at] = byte;
          // Headers with a right checksum go further than those without.
          for (let at = 0; at + 512 <= Math.min(length, 8192); at += 512) {
            const sum = bytes.subarray(at, at + 512).reduce((total, byte) => total + byte, 0);
            const own = bytes.subarray(at + 148, at + 156).reduce((total, byte) => total + byte, 0);
            bytes.write(`${(sum - own + 256).toString(8).padStart(6, '0')}\0 `, at + 148, 'latin1');
          }
          const path = await put('fuzz.tar', bytes);
          const listing = await listTar(path).catch((error: unknown) => error);
          if (GanKitError.isInstance(listing)) return;
          const { files, read, close } = listing as Awaited<ReturnType<typeof listTar>>;
          for (const index of files.keys()) expect((await read(index)).length).toBe(files[index]!.size);
          await close();
        },
      ),
      { numRuns: 300 },
    );
  });
});
