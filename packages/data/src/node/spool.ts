// Pieces of bytes that are kept in a temporary file, so that what can only be unpacked in its order can be read in any other.

import { rmSync } from 'node:fs';
import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where a piece lies. */
export interface SpooledPiece {
  readonly offset: number;
  readonly length: number;
}

/** A temporary file that pieces are added to. It is gone when it is closed, or when the process ends. */
export class Spool {
  #file: Promise<FileHandle> | undefined;
  #folder: string | undefined;
  #end = 0;
  readonly #remove = () => {
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
  };

  async #open(): Promise<FileHandle> {
    this.#folder = await mkdtemp(join(tmpdir(), 'gankit-spool-'));
    process.once('exit', this.#remove);
    return open(join(this.#folder, 'pieces'), 'w+');
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
    const bytes = Buffer.concat(pieces);
    for (let written = 0; written < bytes.length; ) {
      const { bytesWritten } = await file.write(bytes, written, bytes.length - written, start + written);
      written += bytesWritten;
    }
    return places;
  }

  async read({ offset, length }: SpooledPiece): Promise<Uint8Array> {
    const file = await this.#file!;
    const bytes = new Uint8Array(length);
    for (let read = 0; read < length; ) {
      const { bytesRead } = await file.read(bytes, read, length - read, offset + read);
      if (bytesRead === 0) throw new Error('the temporary file was cut short');
      read += bytesRead;
    }
    return bytes;
  }

  async close(): Promise<void> {
    const file = await this.#file;
    await file?.close();
    if (this.#folder !== undefined) await rm(this.#folder, { recursive: true, force: true });
    process.removeListener('exit', this.#remove);
    this.#file = undefined;
    this.#folder = undefined;
  }
}
