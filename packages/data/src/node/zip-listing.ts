// The files of a zip archive, read where they lie. ZIP64 too.
import { Readable } from 'node:stream';
import { GanKitError } from '@gankit/core';
import type { Entry } from 'yauzl';
import { checkInnerPath, type FileListing, mostFileBytes, mostFiles } from './file-listing.ts';
import { optionalPackage } from './optional-package.ts';
import { openRandomAccess, type RandomAccess } from './random-access.ts';

/** Bytes that are asked for at a time where yauzl reads a range as a stream. */
const chunkLength = 2 ** 18;

async function* chunks(file: RandomAccess, start: number, end: number) {
  for (let at = start; at < end; at += chunkLength) yield await file.read(at, Math.min(chunkLength, end - at));
}

function damaged(path: string, cause: unknown): GanKitError {
  if (GanKitError.isInstance(cause)) return cause;
  return new GanKitError(
    'invalid-data',
    `'${path}' is a damaged zip file (${(cause as Error).message}); get the file again.`,
    { path, cause },
  );
}

/**
 * Lists a zip file, in the order of its directory. Nothing is unpacked to disk.
 * @param path A path, or an address whose server gives ranges.
 * @param most The most bytes of a file in it, unpacked.
 * @throws GanKitError `invalid-data` for a damaged archive or one whose names lead out of it, `file` when it cannot be read.
 */
export async function listZip(path: string, most: number = mostFileBytes): Promise<FileListing> {
  const { default: yauzl } = await optionalPackage('Zip files are read by', 'yauzl', () => import('yauzl'));
  const file = await openRandomAccess(path);
  class Ranges extends yauzl.RandomAccessReader {
    override _readStreamForRange(start: number, end: number): Readable {
      return Readable.from(chunks(file, start, end), { objectMode: false });
    }
  }
  try {
    const archive = await yauzl.fromRandomAccessReaderPromise(new Ranges(), file.size, {
      lazyEntries: true,
      autoClose: false,
      validateEntrySizes: true,
    });
    if (archive.entryCount > mostFiles) throw new Error(`it says that it has ${archive.entryCount} files`);
    const entries: Entry[] = [];
    for await (const entry of archive.eachEntry()) {
      checkInnerPath(path, entry.fileName);
      if (!entry.fileName.endsWith('/')) entries.push(entry);
    }
    return {
      name: file.name.replace(/\.zip$/i, ''),
      files: entries.map(({ fileName, uncompressedSize }) => ({ path: fileName, size: uncompressedSize })),
      fingerprint: async () => file.fingerprint,
      async read(index) {
        const entry = entries[index]!;
        if (entry.isEncrypted()) throw new Error('it is encrypted');
        if (entry.uncompressedSize > most) throw new Error(`it says that it has ${entry.uncompressedSize} bytes`);
        const parts: Buffer[] = [];
        for await (const part of await archive.openReadStreamPromise(entry)) parts.push(part as Buffer);
        return Buffer.concat(parts);
      },
      close: () => file.close(),
    };
  } catch (cause) {
    await file.close();
    throw damaged(path, cause);
  }
}
