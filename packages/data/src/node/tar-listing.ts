// The files of a tar archive: an index of where each begins is made once, by reading the headers alone (POSIX.1-1988 ustar, GNU long names and
// sizes, POSIX.1-2001 pax records).
import { GanKitError } from '@gankit/core';
import { checkInnerPath, type FileListing, mostFileBytes, mostFiles } from './file-listing.ts';
import { openRandomAccess, type RandomAccess } from './random-access.ts';

const block = 512;
/** The most bytes of a long name or of pax records. */
const longestNames = 2 ** 20;

/** Text up to the first zero byte. */
function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}

/** A number in octal digits, or in base 256 as GNU writes large ones. `NaN` when it is neither. */
function numberOf(field: Uint8Array): number {
  if ((field[0]! & 0x80) !== 0) {
    return field.subarray(1).reduce((value, byte) => value * 256 + byte, field[0]! & 0x7f);
  }
  const text = textOf(field).trim();
  return /^[0-7]*$/.test(text) ? Number.parseInt(text || '0', 8) : Number.NaN;
}

/** Whether a block is a header: its bytes, with spaces for the checksum, add up to that checksum. */
export function isTarHeader(header: Uint8Array): boolean {
  if (header.length < block) return false;
  let sum = 0;
  for (let at = 0; at < block; at++) sum += at >= 148 && at < 156 ? 32 : header[at]!;
  return sum === numberOf(header.subarray(148, 156)) && header[0] !== 0;
}

/** The records of a pax header: lines of a length, a space, `key=value`. */
function paxRecords(bytes: Uint8Array): Map<string, string> {
  const records = new Map<string, string>();
  let at = 0;
  while (at < bytes.length) {
    const space = bytes.indexOf(32, at);
    const length = space < 0 ? Number.NaN : Number(textOf(bytes.subarray(at, space)));
    if (!Number.isSafeInteger(length) || length <= space - at || at + length > bytes.length) break;
    const record = new TextDecoder().decode(bytes.subarray(space + 1, at + length - 1));
    const equals = record.indexOf('=');
    if (equals > 0) records.set(record.slice(0, equals), record.slice(equals + 1));
    at += length;
  }
  return records;
}

interface Entry {
  readonly path: string;
  readonly offset: number;
  readonly size: number;
}

async function readIndex(file: RandomAccess): Promise<Entry[]> {
  const refuse = (what: string) =>
    new GanKitError('invalid-data', `'${file.path}' ${what}; get the file again.`, { path: file.path });
  const entries: Entry[] = [];
  let long: { path?: string | undefined; size?: number | undefined } = {};
  let at = 0;
  while (at + block <= file.size) {
    const header = await file.read(at, block);
    if (header.every((byte) => byte === 0)) break;
    if (!isTarHeader(header)) throw refuse(`is a damaged tar file: there is no header at byte ${at}`);
    const type = String.fromCharCode(header[156]!);
    const size = long.size ?? numberOf(header.subarray(124, 136));
    const offset = at + block;
    if (!Number.isSafeInteger(size) || size < 0 || offset + size > file.size) {
      throw refuse(`is a tar file that was cut short: a file in it at byte ${at} goes beyond its end`);
    }
    at = offset + Math.ceil(size / block) * block;
    if (type === 'L' || type === 'x' || type === 'g') {
      if (size > longestNames) throw refuse(`is a damaged tar file: it has a name of ${size} bytes`);
      const content = await file.read(offset, size);
      if (type === 'L') long.path = textOf(content);
      if (type === 'x') {
        const records = paxRecords(content);
        const paxSize = records.get('size');
        long = {
          path: records.get('path') ?? long.path,
          size: paxSize === undefined ? undefined : Number(paxSize),
        };
      }
      continue;
    }
    const prefix = textOf(header.subarray(257, 262)) === 'ustar' ? textOf(header.subarray(345, 500)) : '';
    const short = textOf(header.subarray(0, 100));
    const path = (long.path ?? (prefix === '' ? short : `${prefix}/${short}`)).replace(/^(\.\/)+/, '');
    long = {};
    checkInnerPath(file.path, path);
    // Plain files only: links point at what may be anywhere, and nothing else has content.
    if (type !== '0' && type !== '\0' && type !== '7') continue;
    if (entries.length === mostFiles) throw refuse(`holds more than ${mostFiles} files`);
    entries.push({ path, offset, size });
  }
  if (at < file.size && at + block > file.size)
    throw refuse('is a tar file that was cut short: it ends inside a header');
  return entries;
}

/**
 * Lists a tar file in its own order. Its headers are read once; files are read where they lie, also from an address.
 * @throws GanKitError `invalid-data` for a damaged or packed archive, or one whose names lead out of it; `file` when it cannot be read.
 */
export async function listTar(path: string): Promise<FileListing> {
  const file = await openRandomAccess(path);
  try {
    const entries = await readIndex(file);
    return {
      name: file.name.replace(/\.tar$/i, ''),
      files: entries.map(({ path: inner, size }) => ({ path: inner, size })),
      fingerprint: async () => file.fingerprint,
      async read(index) {
        const { offset, size } = entries[index]!;
        if (size > mostFileBytes) throw new Error(`it has ${size} bytes`);
        return file.read(offset, size);
      },
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Several listings as one, in their order: the shards of a set. */
export function joinListings(name: string, listings: readonly FileListing[]): FileListing {
  const places = listings.flatMap((listing) => listing.files.map((_, index) => ({ listing, index })));
  return {
    name,
    files: listings.flatMap(({ files }) => files),
    async fingerprint() {
      return (await Promise.all(listings.map((listing) => listing.fingerprint()))).join('\n');
    },
    read(at) {
      const { listing, index } = places[at]!;
      return listing.read(index);
    },
    async close() {
      for (const listing of listings) await listing.close();
    },
  };
}
