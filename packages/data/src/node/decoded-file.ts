// Decoded pictures in one file, from run to run: records of one length, each with a checksum, in a sparse file that fills as pictures are met.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { makeFolder } from '@gankit/core/node';
import { Descriptor } from './descriptor.ts';

/** Where records are kept. What is damaged or missing is decoded again; nothing that is read was not written whole. */
export interface DecodedFile {
  readonly path: string;
  /** The record of an index; `undefined` when it is not there yet. */
  get(index: number): Promise<Uint8Array | undefined>;
  /** Keeps a record. A disk that is full or gone is told once, and nothing is kept from then on. */
  put(index: number, bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

export interface DecodedFileOptions {
  readonly folder: string;
  /** What the records depend on: another text is another file. */
  readonly key: string;
  readonly count: number;
  /** Bytes of a record. */
  readonly length: number;
  readonly onFailure: (sentence: string) => void;
}

const format = 'gankit decoded pictures 1';
const headerLength = 64;
const checkLength = 4;

/** FNV-1a over 32 bits, never 0, which stands for a record that is not there. */
function checksum(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0 || 1;
}

async function openOrMake(path: string, header: Uint8Array, tableLength: number) {
  const table = new Uint8Array(tableLength);
  const old = await Descriptor.open(path, 'r+').catch(() => undefined);
  if (old !== undefined) {
    const found = new Uint8Array(headerLength);
    const whole = (await old.read(found, 0)) === headerLength && (await old.read(table, headerLength)) === tableLength;
    if (whole && Buffer.from(found).equals(header)) return { file: old, table };
    await old.close();
  }
  const file = await Descriptor.open(path, 'w+');
  table.fill(0);
  await file.write(table, headerLength);
  await file.write(header, 0);
  return { file, table };
}

/**
 * Opens the file of decoded pictures for a key, or makes it. Several processes may use one file: they write the same.
 * @throws GanKitError `file` when the folder cannot be made. Node's error when the file cannot be opened.
 */
export async function openDecodedFile(options: DecodedFileOptions): Promise<DecodedFile> {
  const { folder, key, count, length, onFailure } = options;
  await makeFolder(folder);
  const path = join(folder, `${createHash('sha256').update(key).digest('hex').slice(0, 32)}.pictures`);
  const header = Buffer.from(`${format} ${count} ${length}`.padEnd(headerLength));
  const { file, table } = await openOrMake(path, header, count * checkLength);
  const checks = new DataView(table.buffer);
  const recordsAt = headerLength + table.length;
  let failed = false;
  return {
    path,
    async get(index) {
      const check = checks.getUint32(index * checkLength, true);
      if (check === 0) return undefined;
      const bytes = new Uint8Array(length);
      const read = await file.read(bytes, recordsAt + index * length).catch(() => 0);
      return read === length && checksum(bytes) === check ? bytes : undefined;
    },
    async put(index, bytes) {
      if (failed) return;
      try {
        await file.write(bytes, recordsAt + index * length);
        checks.setUint32(index * checkLength, checksum(bytes), true);
        await file.write(
          table.subarray(index * checkLength, (index + 1) * checkLength),
          headerLength + index * checkLength,
        );
      } catch (cause) {
        failed = true;
        onFailure(`Decoded pictures are kept no longer in '${path}' (${(cause as Error).message}).`);
      }
    },
    close: () => file.close(),
  };
}
