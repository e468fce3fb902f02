import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Descriptor } from './descriptor.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gankit-descriptor-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('what is written is read, up to the end of the file', async () => {
  const path = join(folder, 'a');
  const file = await Descriptor.open(path, 'w+');
  await file.write(Uint8Array.of(1, 2, 3), 0);
  await file.write(Uint8Array.of(9), 1);
  const bytes = new Uint8Array(4);
  expect(await file.read(bytes, 1)).toBe(2);
  expect([...bytes]).toEqual([9, 3, 0, 0]);
  await file.close();
  expect([...(await readFile(path))]).toEqual([1, 9, 3]);
});

test('is closed once, after what is under way, and then reads nothing', async () => {
  const file = await Descriptor.open(join(folder, 'a'), 'w+');
  await file.write(new Uint8Array(1000).fill(7), 0);
  const parts = Array.from({ length: 20 }, () => new Uint8Array(1000));
  const reading = Promise.all(parts.map((part) => file.read(part, 0)));
  await Promise.all([file.close(), file.close()]);
  expect(await reading).toEqual(parts.map(() => 1000));
  expect(parts.every((part) => part.every((byte) => byte === 7))).toBe(true);
  await expect(file.read(new Uint8Array(1), 0)).rejects.toThrow('the file is closed');
});
