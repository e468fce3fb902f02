// What is done about a claim that stands in the way: refuse with a sentence, or find out that its owner is dead.
import { setTimeout as sleep } from 'node:timers/promises';
import { GanKitError } from '../error.ts';
import { type Claim, readAgain } from './lock-claim.ts';
import { type LockOwner, ownerState } from './lock-owner.ts';

/** What claims in a folder are judged by. */
export interface ClaimJudge {
  readonly folder: string;
  /** The process that asks. */
  readonly here: LockOwner;
  /** Milliseconds between two signs of life. */
  readonly heartbeat: number;
  /** Milliseconds without one after which an owner that cannot be looked at is dead. */
  readonly patience: number;
  readonly onWait?: ((sentence: string) => void) | undefined;
  /** The time by the clock of the folder's file system, in milliseconds. */
  now(): Promise<number>;
}

const seconds = (milliseconds: number) => `${Math.max(0, Math.round(milliseconds / 1000))} s`;

/** @param silence Milliseconds since the last sign of life, when that is all that is known of the owner. */
function busyError({ path, owner }: Claim, { folder, patience }: ClaimJudge, silence?: number): GanKitError {
  const silent = `once it has been silent for ${seconds(patience)} (now ${seconds(silence ?? 0)})`;
  if (owner === undefined) {
    const message = `'${path}', which says that '${folder}' is in use, is damaged; remove it if nothing works there, or try again ${silent}.`;
    return new GanKitError('conflict', message, { path });
  }
  const { pid, host, activity, since, startTime } = owner;
  const place = silence === undefined ? `on '${host}'` : `on '${host}', another machine or container,`;
  const advice = silence === undefined ? 'stop it first' : `stop it there first or, if it is gone, try again ${silent}`;
  const doubt =
    silence === undefined && startTime === undefined ? `, or remove '${path}' if it is another program by now` : '';
  return new GanKitError(
    'conflict',
    `Process ${pid} ${place} has been ${activity} in '${folder}' since ${since.slice(0, 19).replace('T', ' ')} UTC; ${advice}${doubt}.`,
    { path, value: pid },
  );
}

/**
 * Finds out whether a claim may be removed.
 * @returns `dead` when its owner is dead for certain, `silent` when it cannot be looked at and has been silent for long enough, `gone`
 *   when the claim went away by itself meanwhile.
 * @throws GanKitError `conflict` when the owner may be alive.
 */
export async function judgeClaim(claim: Claim, judge: ClaimJudge): Promise<'dead' | 'silent' | 'gone'> {
  const { folder, here, heartbeat, patience } = judge;
  const { owner, path, sign, modified } = claim;
  const state = owner === undefined ? 'unknown' : ownerState(owner, here);
  if (state === 'alive') throw busyError(claim, judge);
  if (state === 'dead') return 'dead';
  const silence = (await judge.now()) - modified;
  if (silence < patience && silence > -heartbeat) throw busyError(claim, judge, silence);
  // Its time is long ago, but so it is when this machine and the owner's have just woken up. A time to come says nothing at all.
  const watch = silence > 0 ? 2 * heartbeat : patience;
  const who =
    owner === undefined ? `'${path}' changes` : `process ${owner.pid} on '${owner.host}' gives a sign of life`;
  judge.onWait?.(`Watching '${folder}' for ${seconds(watch)}, whether ${who}.`);
  for (let watched = 0; watched < watch; watched += heartbeat) {
    await sleep(heartbeat);
    const now = await readAgain(claim);
    if (now === undefined) return 'gone';
    if (now.sign !== sign) throw busyError(claim, judge, 0);
  }
  return 'silent';
}
