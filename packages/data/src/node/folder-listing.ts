// The files of a folder and of all below it.
import { createHash } from 'node:crypto';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { GanKitError } from '@gankit/core';
import type { FileListing } from './file-listing.ts';

/** Names by their code units, so that the order is the same on every machine. */
export const byCode = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** Paths of all files below a folder, with `/`. Links are followed; a folder that contains itself is entered once. */
async function filesBelow(root: string, below: string, above: ReadonlySet<string>): Promise<string[]> {
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
    if (kind?.isDirectory())
      for (const inner of await filesBelow(root, path, new Set([...above, place]))) found.push(inner);
    else if (kind?.isFile()) found.push(path);
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
 * Lists a folder, in the order of the paths. What begins with a dot is passed over.
 * @throws GanKitError `file` when it cannot be read.
 */
export async function listFolder(folder: string): Promise<FileListing> {
  const root = resolve(folder);
  let paths: readonly string[];
  try {
    paths = await filesBelow(root, '', new Set());
  } catch (cause) {
    throw new GanKitError('file', `The folder '${folder}' cannot be read (${(cause as Error).message}).`, {
      path: folder,
      cause,
    });
  }
  return {
    name: basename(root),
    files: paths.map((path) => ({ path })),
    fingerprint: () => fingerprintOf(root, paths),
    read: (index) => readFile(join(root, paths[index]!)),
    close: async () => {},
  };
}
