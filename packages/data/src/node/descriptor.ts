// An open file that closes itself when nobody can reach it any more: data that are dropped cannot be closed by whoever drops them.
import { close as closeFile, closeSync, fstat, open, read, type Stats, write } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';

const openFile = promisify(open);
const statFile = promisify(fstat);
const close = promisify(closeFile);

const abandoned = new FinalizationRegistry<number>((number) => {
  closeSync(number);
});

/** A file by its number. */
export class Descriptor {
  readonly #number: number;
  /** Reads and writes under way. That they are counted also keeps the object from being collected until they are done. */
  #underWay = 0;
  #closed = false;

  private constructor(number: number) {
    this.#number = number;
    abandoned.register(this, number, this);
  }

  static async open(path: string, flags: string): Promise<Descriptor> {
    return new Descriptor(await openFile(path, flags));
  }

  async stat(): Promise<Stats> {
    this.#underWay++;
    try {
      return await statFile(this.#number);
    } finally {
      this.#underWay--;
    }
  }

  /** Fills `bytes` from a place in the file on. @returns How many there were: fewer only at its end. */
  read(bytes: Uint8Array, position: number): Promise<number> {
    return this.#whole(bytes, (at, done) => read(this.#number, bytes, at, bytes.length - at, position + at, done));
  }

  /** Writes all of `bytes` from a place in the file on. */
  async write(bytes: Uint8Array, position: number): Promise<void> {
    await this.#whole(bytes, (at, done) => write(this.#number, bytes, at, bytes.length - at, position + at, done));
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    // The number may be given to another file as soon as it is free.
    while (this.#underWay > 0) await setImmediate();
    abandoned.unregister(this);
    await close(this.#number);
  }

  async #whole(
    bytes: Uint8Array,
    step: (at: number, done: (error: Error | null, count: number) => void) => void,
  ): Promise<number> {
    if (this.#closed) throw new Error('the file is closed');
    this.#underWay++;
    try {
      let at = 0;
      while (at < bytes.length) {
        const count = await new Promise<number>((resolve, reject) =>
          step(at, (error, moved) => (error === null ? resolve(moved) : reject(error))),
        );
        if (count === 0) break;
        at += count;
      }
      return at;
    } finally {
      this.#underWay--;
    }
  }
}
