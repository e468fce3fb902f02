// One process at a time works in a folder: the lock is a folder in it, which holds the claim of its owner and nothing else.
import { lstat, readdir, rename, rm, rmdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkInteger } from '../checks.ts';
import { GanKitError } from '../error.ts';
import { checkOptions } from '../options.ts';
import { HeldLock } from './held-lock.ts';
import { giveSign, isGone, readClaims, writeClaim } from './lock-claim.ts';
import { lockName } from './lock-name.ts';
import { thisProcess } from './lock-owner.ts';
import { type ClaimJudge, judgeClaim } from './standing-claim.ts';

export interface FolderLockOptions {
  /** What is done in the folder, for the sentence that another process is told: `training`; `working` when absent. */
  readonly activity?: string | undefined;
  /** Called once when the lock turns out to be gone or another's. The folder must not be written any more from then on. */
  readonly onLost?: ((error: GanKitError) => void) | undefined;
  /** Called with a sentence when it takes a while to find out whether the owner still lives. */
  readonly onWait?: ((sentence: string) => void) | undefined;
  /** Milliseconds between two signs of life, 5,000 when absent; the same for all who lock the folder. */
  readonly heartbeat?: number | undefined;
  /** Milliseconds without a sign of life after which an owner that cannot be looked at is dead; 60,000 when absent. */
  readonly patience?: number | undefined;
}

/** A folder that belongs to this process until it gives it back. */
export interface FolderLock extends AsyncDisposable {
  /**
   * Makes sure that the folder still belongs to this process; to be called before writing. It looks only when the last look is older
   * than a heartbeat, so it may be called often.
   * @throws GanKitError `conflict` when it does not, `file` when that cannot be found out.
   */
  confirm(): Promise<void>;
  /** Gives the folder back; nothing happens when it was lost or given back before. Never throws: what stays behind counts as dead. */
  release(): Promise<void>;
}

/** How names of claims begin that are not in their place yet. */
const candidatePrefix = `${lockName}-`;

/** Whether a file of a folder is there for {@link lockFolder} alone, so that a folder with nothing else counts as empty. */
export function isLockFile(name: string): boolean {
  return name === lockName || name.startsWith(candidatePrefix);
}

const mostAttempts = 200;
const attemptMilliseconds = 20;
/** An empty lock is about to be removed, unless its owner was killed just then. */
const emptyAttempts = 5;

async function removeClaim(path: string, lock: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    // A file in the lock's place may have become a lock in the meantime.
    if (isGone(error) || (path === lock && (await lstat(path)).isDirectory())) return;
    throw error;
  }
}

/** Removes what processes left behind that were killed while they made a claim. */
async function removeLeftovers(folder: string, before: number): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (name.startsWith(candidatePrefix) && (await lstat(path)).mtimeMs < before) await rm(path, { recursive: true });
  }
}

/**
 * Puts the claim in its place. @returns Whether an owner may have been removed that does not know of it yet.
 * @throws GanKitError `conflict` when another process has the lock.
 */
async function claimLock(lock: string, candidate: string, judge: ClaimJudge): Promise<boolean> {
  const { here } = judge;
  let uncertain = false;
  let empty = 0;
  let problem: unknown;
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    const claims = await readClaims(lock);
    for (const claim of claims ?? []) {
      const state = await judgeClaim(claim, judge);
      uncertain ||= state === 'silent';
      // By a name that no other claim has: whoever came in between cannot be meant.
      if (state !== 'gone') await removeClaim(claim.path, lock);
    }
    if (claims?.length === 0 && empty++ < emptyAttempts) {
      await sleep(attemptMilliseconds);
      continue;
    }
    uncertain ||= claims?.length === 0;
    try {
      // Succeeds where there is no lock or an empty one, never otherwise: of several that try, one becomes the owner.
      await rename(candidate, lock);
      if ((await giveSign(lock, here, 0)) !== undefined) return uncertain;
    } catch (error) {
      problem = error;
    }
    // Not every system renames a folder over an empty one.
    if (claims?.length === 0) await rmdir(lock).catch(() => undefined);
    await writeClaim(candidate, here).catch(() => undefined);
    if (attempt > 0) await sleep(attemptMilliseconds);
  }
  throw problem ?? new Error(`'${lock}' changes hands all the time`);
}

/**
 * Makes a folder this process's own: no other process that asks for it this way, on any machine that sees the folder, is given it at the
 * same time.
 *
 * The claim is written beside the lock's place and renamed into it, so that it appears complete, and only where no other is. It is
 * taken over from an owner that is dead for certain: on the same machine, as the system tells; on another machine, in another
 * container or before a restart, after it has given no sign of life for `patience`, by the clock of the file system. The folder is then
 * handed out two heartbeats later, so that an owner that was only asleep has noticed ({@link FolderLock.confirm}) before anybody else
 * writes. A process that is killed at any moment blocks the folder no longer than that.
 *
 * What it cannot prevent: an owner that is stopped between `confirm` and the write that follows, for longer than `patience`, and
 * then goes on, makes that write; and one that does not come to its event loop for so long loses the folder although it lives. A file
 * system whose `rename` is not atomic keeps no promise. A virtual machine that was cloned while it ran is taken for the same machine.
 * @param folder It must be there.
 * @throws GanKitError `conflict` when another process has it, or this one already, `file` when the lock cannot be written.
 */
export async function lockFolder(folder: string, options: FolderLockOptions = {}): Promise<FolderLock> {
  checkOptions('lockFolder', options, {
    activity: 'optional',
    onLost: 'optional',
    onWait: 'optional',
    heartbeat: 'optional',
    patience: 'optional',
  });
  const { activity = 'working', onLost, onWait, heartbeat = 5000, patience = 60_000 } = options;
  checkInteger('heartbeat', heartbeat);
  checkInteger('patience', patience, 2 * heartbeat);
  const here = thisProcess(activity);
  const lock = join(folder, lockName);
  const candidate = join(folder, candidatePrefix + here.uuid);
  const now = async () => {
    const time = await giveSign(candidate, here, 0);
    if (time === undefined) await writeClaim(candidate, here).catch(() => undefined);
    return time ?? (await lstat(candidate)).mtimeMs;
  };
  let held: HeldLock | undefined;
  try {
    await writeClaim(candidate, here);
    const uncertain = await claimLock(lock, candidate, { folder, here, heartbeat, patience, onWait, now });
    held = new HeldLock({ folder, lock, owner: here, heartbeat, onLost });
    if (uncertain) await sleep(2 * heartbeat);
    await held.confirm();
    const { mtimeMs } = await lstat(lock);
    await removeLeftovers(folder, mtimeMs - patience).catch(() => undefined);
    return held;
  } catch (cause) {
    await held?.release();
    await rm(candidate, { recursive: true, force: true }).catch(() => undefined);
    if (GanKitError.isInstance(cause)) throw cause;
    throw new GanKitError('file', `'${folder}' cannot be locked (${(cause as Error).message}).`, {
      path: folder,
      cause,
    });
  }
}
