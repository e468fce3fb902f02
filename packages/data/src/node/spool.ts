// Pieces of bytes that are kept in a temporary file, so that what can only be unpacked in its order can be read in any other.

import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Descriptor } from './descriptor.ts';

/** Where a piece lies. */
export interface SpooledPiece {
  readonly offset: number;
  readonly length: number;
}

/** Folders that are still there, on systems that do not remove what is open. */
const left = new Set<string>();

function removeAtExit(folder: string): void {
  if (left.size === 0) {
    process.once('exit', () => {
      for (const each of left) rmSync(each, { recursive: true, force: true });
    });
  }
  left.add(folder);
}

/** A temporary file that pieces are added to. It is gone when it is closed or dropped, or when the process ends. */
export class Spool {
  #file: Promise<Descriptor> | undefined;
  #end = 0;
  async #open(): Promise<Descriptor> {
    const folder = await mkdtemp(join(tmpdir(), 'gankit-spool-'));
    const file = await Descriptor.open(join(folder, 'pieces'), 'w+');
    await rm(folder, { recursive: true, force: true }).catch(() => removeAtExit(folder));
    return file;
  }

  /** Adds pieces, and says where they lie. */
  async add(pieces: readonly Uint8Array[]): Promise<SpooledPiece[]> {
    this.#file ??= this.#open();
    const start = this.#end;
    let offset = start;
    const places = pieces.map(({ length }) => {
      const place = { offset, length };
      offset += length;
      return place;
    });
    this.#end = offset;
    const file = await this.#file;
    await file.write(Buffer.concat(pieces), start);
    return places;
  }

  async read({ offset, length }: SpooledPiece): Promise<Uint8Array> {
    const file = await this.#file!;
    const bytes = new Uint8Array(length);
    if ((await file.read(bytes, offset)) < length) throw new Error('the temporary file was cut short');
    return bytes;
  }

  async close(): Promise<void> {
    const file = await this.#file;
    this.#file = undefined;
    await file?.close();
  }
}
