import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { folderUser, lockFolder } from './index.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gankit-user-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('whoever has the lock is seen, and nothing is changed by looking', async () => {
  expect(await folderUser(folder)).toBeUndefined();
  expect(await folderUser(join(folder, 'nowhere'))).toBeUndefined();
  const lock = await lockFolder(folder, { activity: 'painting' });
  const before = await readdir(folder, { recursive: true });
  expect(await folderUser(folder)).toMatchObject({ pid: process.pid, activity: 'painting' });
  expect(await readdir(folder, { recursive: true })).toEqual(before);
  await lock.confirm();
  await lock.release();
  expect(await folderUser(folder)).toBeUndefined();
});

test('the claim of a process that is dead, and one that is damaged, are nobody', async () => {
  const lock = await lockFolder(folder, { activity: 'painting' });
  const [claim] = await readdir(join(folder, '.gankit-lock'));
  const path = join(folder, '.gankit-lock', claim!);
  const { readFile } = await import('node:fs/promises');
  const text = await readFile(path, 'utf8');
  // The greatest number that a process may have here is 2^22.
  await writeFile(path, text.replace(/"pid":\d+/, '"pid":99999999'));
  expect(await folderUser(folder)).toBeUndefined();
  await writeFile(path, 'nonsense');
  expect(await folderUser(folder)).toBeUndefined();
  await writeFile(path, text);
  await lock.release();
});
