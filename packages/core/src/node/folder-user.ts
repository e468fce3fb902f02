// Who works in a folder, for those who only look: nothing is written, and nobody is kept waiting.
import { join } from 'node:path';
import { readClaims } from './lock-claim.ts';
import { lockName } from './lock-name.ts';
import { ownerState, thisProcess } from './lock-owner.ts';

/** A process that works in a folder. */
export interface FolderUser {
  readonly pid: number;
  readonly host: string;
  /** What it does there: `training`. */
  readonly activity: string;
  /** When it began, ISO 8601, by its own clock. */
  readonly since: string;
}

/** Milliseconds after which an owner that cannot be looked at counts as gone, as in `lockFolder`. */
const patience = 60_000;

/**
 * The process that has locked a folder with `lockFolder`, as far as one can tell by looking: one on another machine counts as
 * there while its last sign of life is younger than a minute by this machine's clock.
 * @returns `undefined` when nobody has, also when there is no such folder.
 */
export async function folderUser(folder: string): Promise<FolderUser | undefined> {
  const claims = await readClaims(join(folder, lockName)).catch(() => undefined);
  for (const { owner, modified } of claims ?? []) {
    if (owner === undefined) continue;
    const state = ownerState(owner, thisProcess('looking'));
    if (state === 'dead' || (state === 'unknown' && Date.now() - modified > patience)) continue;
    const { pid, host, activity, since } = owner;
    return { pid, host, activity, since };
  }
  return undefined;
}
