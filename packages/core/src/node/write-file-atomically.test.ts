import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { GanKitError } from '../error.ts';
import { writeFileAtomically } from './write-file-atomically.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gankit-core-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('a file is made, and replaced, and nothing else stays in its folder', async () => {
  const path = join(folder, 'metrics.json');
  await writeFileAtomically(path, 'first');
  expect(await readFile(path, 'utf8')).toBe('first');
  await writeFileAtomically(path, Uint8Array.of(1, 2, 3));
  expect([...(await readFile(path))]).toEqual([1, 2, 3]);
  expect(await readdir(folder)).toEqual(['metrics.json']);
});

test('parts in turn become one file, and none when one of them cannot be made', async () => {
  const path = join(folder, 'set.tar');
  async function* parts(last: number) {
    for (let part = 0; part < 3; part++) {
      if (part === last) throw new GanKitError('invalid-data', 'Picture 2 is broken.');
      yield Uint8Array.of(part);
    }
  }
  await writeFileAtomically(path, parts(3));
  expect([...(await readFile(path))]).toEqual([0, 1, 2]);
  await expect(writeFileAtomically(path, parts(1))).rejects.toMatchObject({ code: 'invalid-data' });
  expect([...(await readFile(path))]).toEqual([0, 1, 2]);
  expect(await readdir(folder)).toEqual(['set.tar']);
});

test('a reader sees the old content or the new, never a part', async () => {
  const path = join(folder, 'state.txt');
  const contents = ['a', 'b'].map((letter) => letter.repeat(200_000));
  await writeFile(path, contents[0]!);
  let writing = true;
  const reader = (async () => {
    let reads = 0;
    for (; writing; reads++) expect(contents).toContain(await readFile(path, 'utf8'));
    return reads;
  })();
  for (let index = 0; index < 20; index++) await writeFileAtomically(path, contents[index % 2]!);
  writing = false;
  expect(await reader).toBeGreaterThan(1);
});

test('writers at the same time do not disturb each other', async () => {
  const path = join(folder, 'state.txt');
  const contents = Array.from({ length: 10 }, (_, index) => String(index).repeat(1000));
  await Promise.all(contents.map((content) => writeFileAtomically(path, content)));
  expect(contents).toContain(await readFile(path, 'utf8'));
  expect(await readdir(folder)).toEqual(['state.txt']);
});

test('a folder that is missing is named', async () => {
  const path = join(folder, 'missing', 'a.txt');
  await expect(writeFileAtomically(path, 'x')).rejects.toMatchObject({
    name: 'GanKitError',
    code: 'file',
    path,
    message: expect.stringMatching(/^'.*missing\/a\.txt' cannot be written \(ENOENT/),
  });
});

test('a write that fails leaves what was there, and no temporary file', async () => {
  const path = join(folder, 'taken');
  await mkdir(join(path, 'inside'), { recursive: true });
  await expect(writeFileAtomically(path, 'x')).rejects.toMatchObject({ code: 'file' });
  expect(await readdir(folder)).toEqual(['taken']);
  expect(await readdir(path)).toEqual(['inside']);
});
