// Files by name in something that holds many: a folder, a zip file, tar files.
import { GanKitError } from '@gankit/core';

/** One file of a listing. */
export interface ListedFile {
  /** With `/`, from the top of what holds it. */
  readonly path: string;
  /** Bytes, as far as that is known without reading it. */
  readonly size?: number | undefined;
}

/** Something that holds files. */
export interface FileListing {
  /** What it is called in messages. */
  readonly name: string;
  /** In an order that is the same on every machine. */
  readonly files: readonly ListedFile[];
  /** Changes when what it holds may have changed. */
  fingerprint(): Promise<string>;
  /** The bytes of one file, by its place among `files`. May be called for several at once. */
  read(index: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** The most bytes that one file of an archive may have: what says more is a bomb. */
export const mostFileBytes = 2 ** 28;

/** The most files of an archive. */
export const mostFiles = 50_000_000;

/**
 * Refuses a name that leads out of what holds it. Nothing is ever unpacked to disk, but an archive with such names was made to do harm.
 * @param archive What to call the archive in the sentence.
 * @throws GanKitError `invalid-data`
 */
export function checkInnerPath(archive: string, path: string): void {
  const leadsOut = /^[\\/]|^[a-z]:/i.test(path) || path.split(/[\\/]/).includes('..');
  if (!leadsOut && !path.includes('\0')) return;
  throw new GanKitError(
    'invalid-data',
    `'${archive}' holds a file named '${path.slice(0, 200)}', which leads out of the archive; do not trust it.`,
    { path: archive, value: path },
  );
}
