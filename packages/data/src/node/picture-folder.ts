// A folder of pictures as a store: a class for each folder at its top, or none.
import { createHash } from 'node:crypto';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { GanKitError } from '@gankit/core';
import type { PictureStore } from '../pictures/picture-store.ts';

const extensions = /\.(png|jpe?g|webp|gif|avif|tiff?)$/i;

/** Names by their code units, so that the order is the same on every machine. */
const byCode = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** Paths of all pictures below a folder, with `/`. Links are followed; a folder that contains itself is entered once. */
async function picturesBelow(root: string, below: string, above: ReadonlySet<string>): Promise<string[]> {
  const folder = join(root, below);
  const place = await realpath(folder);
  if (above.has(place)) return [];
  const found: string[] = [];
  const listed = (await readdir(folder, { withFileTypes: true })).sort((a, b) => byCode(a.name, b.name));
  for (const entry of listed) {
    if (entry.name.startsWith('.')) continue;
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    // Only what a link leads to has to be asked for; one that leads nowhere is passed over.
    const kind = entry.isSymbolicLink() ? await stat(join(root, path)).catch(() => undefined) : entry;
    if (kind?.isDirectory()) found.push(...(await picturesBelow(root, path, new Set([...above, place]))));
    else if (kind?.isFile() && extensions.test(entry.name)) found.push(path);
  }
  return found;
}

/** Files that are asked for size and time at once. */
const askedAtOnce = 1000;

async function fingerprintOf(root: string, paths: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (let from = 0; from < paths.length; from += askedAtOnce) {
    const some = paths.slice(from, from + askedAtOnce);
    const facts = await Promise.all(
      some.map(async (path) => {
        // What vanished since it was listed is told of when it is read.
        const file = await stat(join(root, path)).catch(() => undefined);
        return [path, file?.size, file?.mtimeMs];
      }),
    );
    hash.update(JSON.stringify(facts));
  }
  return hash.digest('hex');
}

/**
 * Opens a folder of pictures. Those in sub-folders have the name of the one at the top as their class; a folder without any, or with
 * pictures beside them, has no classes.
 * @throws GanKitError `file` when it cannot be read, `invalid-data` when there is no picture in it.
 */
export async function pictureFolder(folder: string): Promise<PictureStore> {
  const root = resolve(folder);
  let paths: readonly string[];
  try {
    paths = await picturesBelow(root, '', new Set());
  } catch (cause) {
    throw new GanKitError('file', `The folder '${folder}' cannot be read (${(cause as Error).message}).`, {
      path: folder,
      cause,
    });
  }
  if (paths.length === 0) {
    throw new GanKitError(
      'invalid-data',
      `There is no picture in '${folder}'; put PNG, JPEG, WebP, GIF, AVIF or TIFF files there.`,
      { path: folder },
    );
  }
  const classified = paths.every((path) => path.includes('/'));
  const classOf = (path: string) => path.slice(0, path.indexOf('/'));
  const classNames = classified ? [...new Set(paths.map(classOf))].sort(byCode) : undefined;
  const labels = new Map(classNames?.map((name, label) => [name, label]));
  return {
    name: basename(root),
    entries: paths.map((path) => ({ path, label: classified ? labels.get(classOf(path)) : undefined })),
    classNames,
    fingerprint: await fingerprintOf(root, paths),
    read: (index) => readFile(join(root, paths[index]!)),
    close: async () => {},
  };
}
