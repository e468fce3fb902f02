import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { GanKitError } from '../error.ts';

/** Makes a rename durable; not every system lets a folder be synced. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

/**
 * Writes a file so that at every moment there is either the old content or the new, never a part: a temporary file in the
 * same folder is written, synced and renamed.
 * @param content All of it, or its parts in turn, for what is too large to be held; an error while they are made is thrown as it is.
 * @throws GanKitError `file` when the folder is missing, read-only or full; the old file is then untouched.
 */
export async function writeFileAtomically(
  path: string,
  content: Uint8Array | string | AsyncIterable<Uint8Array>,
): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
  try {
    const handle = await open(temporary, 'wx');
    try {
      // Each part is written after the one before it.
      const parts = typeof content === 'string' || content instanceof Uint8Array ? [content] : content;
      for await (const part of parts) await handle.writeFile(part);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
    await syncFolder(dirname(path));
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined);
    if (GanKitError.isInstance(cause)) throw cause;
    throw new GanKitError('file', `'${path}' cannot be written (${(cause as Error).message}).`, { path, cause });
  }
}
