import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { GanKitError } from '../error.ts';

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

async function make(path: string): Promise<void> {
  if (await isFolder(path)) return;
  const parent = dirname(path);
  if (parent !== path) await make(parent);
  await mkdir(path).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST' || !(await isFolder(path))) throw error;
  });
}

/**
 * Makes a folder and the folders above it; one that is there already is left as it is.
 *
 * Not `mkdir` with `recursive`: Node's never returns where the system answers "no such file" for a folder that may not be made.
 * @throws GanKitError `file` when it cannot be made.
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await make(resolve(path));
  } catch (cause) {
    throw new GanKitError('file', `The folder '${path}' cannot be made (${(cause as Error).message}).`, {
      path,
      cause,
    });
  }
}
