// A claim: the file by which a process says that a folder is its own, and that it still lives.
import { type FileHandle, lstat, mkdir, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { LockOwner } from './lock-owner.ts';

/** A claim as it was found. */
export interface Claim {
  readonly path: string;
  /** Absent when the file is damaged, empty, or not a claim at all. */
  readonly owner?: LockOwner | undefined;
  /** Changes whenever the owner gives a sign of life. */
  readonly sign: string;
  /** When it last did, in milliseconds of the file system's clock: to be compared with that of another file there, never with a clock here. */
  readonly modified: number;
}

const fileName = (uuid: string) => `${uuid}.json`;
const digits = 12;
const beatText = (beats: number) => String(beats).padStart(digits, '0');

/** Where the claim of an owner is in a lock. */
export function claimPath(lock: string, { uuid }: LockOwner): string {
  return join(lock, fileName(uuid));
}

/** Makes a folder with nothing but the owner's claim, complete and synced. @throws When it cannot be made. */
export async function writeClaim(folder: string, owner: LockOwner): Promise<void> {
  await mkdir(folder);
  const file = await open(claimPath(folder, owner), 'wx');
  try {
    await file.writeFile(claimText(owner));
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The number of signs of life stands last, with a fixed number of digits, so that it can be changed in place. */
const claimText = (owner: LockOwner) => `${JSON.stringify({ ...owner, heartbeat: beatText(0) })}\n`;

/**
 * Gives a sign of life: writes a number into the claim, which moves its time by the file system's clock. It never makes a file.
 * @returns Whether the claim is still there, and its time.
 * @throws When the file system does not answer as it should; the claim may be there or not.
 */
export async function giveSign(lock: string, owner: LockOwner, beats: number): Promise<number | undefined> {
  let file: FileHandle | undefined;
  try {
    file = await open(claimPath(lock, owner), 'r+');
    await file.write(beatText(beats), Buffer.byteLength(claimText(owner)) - '"}\n'.length - digits);
    return (await file.stat()).mtimeMs;
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  } finally {
    await file?.close();
  }
}

/** Whether an error says that a file is not there (any more); a network file system says it of an open one with ESTALE. */
export function isGone(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR', 'ESTALE'].includes((error as NodeJS.ErrnoException).code ?? '');
}

function parseOwner(text: string): LockOwner | undefined {
  try {
    const owner = JSON.parse(text) as Partial<LockOwner> | null;
    const complete = [owner?.uuid, owner?.host, owner?.since, owner?.activity].every(
      (part) => typeof part === 'string',
    );
    return complete && Number.isSafeInteger(owner?.pid) ? (owner as LockOwner) : undefined;
  } catch {
    return undefined;
  }
}

/** Reads a claim, or whatever else is there; `undefined` when nothing is. */
async function readClaim(path: string): Promise<Claim | undefined> {
  let file: FileHandle | undefined;
  try {
    // Opened first: a network file system then asks the server, where a look at the name alone may be a minute old.
    file = await open(path, 'r').catch((error) => {
      if (isGone(error)) throw error;
      return undefined;
    });
    const text = await file?.readFile('utf8').catch(() => undefined);
    const { mtimeMs } = await (file?.stat() ?? lstat(path));
    return { path, owner: parseOwner(text ?? ''), sign: `${mtimeMs} ${text}`, modified: mtimeMs };
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  } finally {
    await file?.close();
  }
}

/** The claims in a lock: one when it is held, none for a moment while it changes hands; `undefined` when there is no lock. */
export async function readClaims(lock: string): Promise<readonly Claim[] | undefined> {
  try {
    if (!(await lstat(lock)).isDirectory()) return [await readClaim(lock)].filter((claim) => claim !== undefined);
    const claims = await Promise.all((await readdir(lock)).map((name) => readClaim(join(lock, name))));
    return claims.filter((claim) => claim !== undefined);
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

/** The same claim as it is now; `undefined` when it is gone. */
export const readAgain = ({ path }: Claim) => readClaim(path);
