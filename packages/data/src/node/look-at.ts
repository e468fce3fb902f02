// A first look at a path: what it is called, what lies in it, how it begins.
import { readdir, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { GanKitError } from '@gankit/core';
import type { Place } from './formats/data-format.ts';
import { isAddress, localPath, openRandomAccess } from './random-access.ts';

/** Bytes at the beginning that tell every format: a header of tar is the longest. */
const looked = 512;

async function startOf(path: string): Promise<{ name: string; start: Uint8Array }> {
  const file = await openRandomAccess(path);
  try {
    return { name: file.name, start: await file.read(0, Math.min(looked, file.size)) };
  } finally {
    await file.close();
  }
}

/** @throws GanKitError `file` when there is nothing there, or it cannot be read. */
export async function lookAt(path: string): Promise<Place> {
  if (isAddress(path)) return { path, ...(await startOf(path)) };
  const place = localPath(path);
  try {
    const there = await stat(place);
    if (there.isDirectory()) {
      return { path: place, name: basename(place), folder: await readdir(place), start: new Uint8Array(0) };
    }
    if (!there.isFile()) throw new Error('neither a file nor a folder');
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'nothing is there' : (cause as Error).message;
    throw new GanKitError('file', `'${path}' cannot be read (${reason}); look at the path.`, { path, cause });
  }
  return { path: place, ...(await startOf(place)) };
}
