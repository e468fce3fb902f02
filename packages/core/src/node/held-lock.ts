import { rmdir, unlink } from 'node:fs/promises';
import { GanKitError } from '../error.ts';
import type { FolderLock } from './folder-lock.ts';
import { claimPath, giveSign } from './lock-claim.ts';
import type { LockOwner } from './lock-owner.ts';

interface HeldLockOptions {
  readonly folder: string;
  readonly lock: string;
  readonly owner: LockOwner;
  readonly heartbeat: number;
  readonly onLost?: ((error: GanKitError) => void) | undefined;
}

/** Two clocks: one stands still while the machine sleeps, the other may be set. */
const clocks = () => [performance.now(), Date.now()] as const;

/** A lock that this process holds: gives signs of life, and notices when it is taken away. */
export class HeldLock implements FolderLock {
  readonly #options: HeldLockOptions;
  readonly #timer: NodeJS.Timeout;
  #beats = 0;
  /** When it was last seen to be there; before the first look, never. */
  #seen: readonly [number, number] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  #released = false;
  #lost: GanKitError | undefined;

  constructor(options: HeldLockOptions) {
    this.#options = options;
    this.#timer = setInterval(() => {
      // What is lost is told by `onLost`; a file system that does not answer is asked again.
      this.#look().catch(() => undefined);
    }, options.heartbeat).unref();
  }

  /** Gives a sign of life, and so sees whether the claim is there. @throws When it is not, or that cannot be found out. */
  async #look(): Promise<void> {
    const { folder, lock, owner, onLost } = this.#options;
    const before = clocks();
    this.#beats++;
    const time = await giveSign(lock, owner, this.#beats);
    if (time !== undefined) this.#seen = before;
    else if (!this.#released && this.#lost === undefined) {
      clearInterval(this.#timer);
      this.#lost = new GanKitError(
        'conflict',
        `'${folder}' no longer belongs to this process: another one took it over while this one gave no sign of life, or the lock was removed by hand; nothing more is written.`,
        { path: folder },
      );
      onLost?.(this.#lost);
    }
    if (this.#lost !== undefined) throw this.#lost;
  }

  async confirm(): Promise<void> {
    if (this.#lost !== undefined) throw this.#lost;
    if (this.#released) {
      throw new GanKitError('conflict', `'${this.#options.folder}' was given back; lock it again before writing.`, {
        path: this.#options.folder,
      });
    }
    const { folder, heartbeat } = this.#options;
    const now = clocks();
    if (this.#seen.every((time, clock) => Math.abs(now[clock]! - time) < heartbeat)) return;
    try {
      await this.#look();
    } catch (cause) {
      if (GanKitError.isInstance(cause)) throw cause;
      throw new GanKitError(
        'file',
        `Whether '${folder}' still belongs to this process cannot be found out (${(cause as Error).message}).`,
        { path: folder, cause },
      );
    }
  }

  async release(): Promise<void> {
    if (this.#released) return;
    this.#released = true;
    clearInterval(this.#timer);
    const { lock, owner } = this.#options;
    // Its own claim by its own name; the lock itself only when nobody has claimed it since.
    await unlink(claimPath(lock, owner)).catch(() => undefined);
    await rmdir(lock).catch(() => undefined);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.release();
  }
}
