// Who owns a lock, and whether that process is still there: as certain as one process can be about another.
import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname, uptime } from 'node:os';

/** What a lock says of its owner. Plain JSON. */
export interface LockOwner {
  readonly uuid: string;
  /** For people only: two machines or containers may have one name. */
  readonly host: string;
  /** The start of the system that the process runs on: one for each boot of each machine. Where Linux tells it. */
  readonly bootId?: string | undefined;
  /** When the system was started, in milliseconds of its own clock. */
  readonly bootedAt: number;
  readonly pid: number;
  /** The namespaces in which the process has its number and its start time. Where Linux tells them. */
  readonly namespaces?: string | undefined;
  /** When the process was started, in ticks since boot: tells it from a later process with its number. Where Linux tells it. */
  readonly startTime?: string | undefined;
  /** What it does in the folder: `training`. */
  readonly activity: string;
  /** When it locked the folder, ISO 8601, by its own clock. */
  readonly since: string;
}

/** Clocks are set now and then; two starts of a system are further apart than this. */
const sameBootMilliseconds = 10_000;

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** A process as /proc tells it, or `undefined` when it does not. @param process Its number, or `self`. */
function processStatus(process: number | 'self') {
  // The second field is the program's name in brackets, which may hold spaces and brackets: the others follow the last bracket.
  const text = attempt(() => readFileSync(`/proc/${process}/stat`, 'utf8'));
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ');
  return fields && { state: fields[0], threads: Number(fields[17]), startTime: fields[19] };
}

/** The identity of this process, with a new uuid. */
export function thisProcess(activity: string): LockOwner {
  const namespaces = ['pid', 'time'].map((kind) => attempt(() => readlinkSync(`/proc/self/ns/${kind}`)));
  return {
    uuid: randomUUID(),
    host: hostname(),
    bootId: attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    bootedAt: Math.round(Date.now() - 1000 * uptime()),
    pid: process.pid,
    namespaces: namespaces[0] && namespaces.filter((name) => name !== undefined).join(' '),
    startTime: processStatus('self')?.startTime,
    activity,
    since: new Date().toISOString(),
  };
}

/** Whether both count processes in one table, so that a number means the same process to them. */
function sharesProcesses(owner: LockOwner, here: LockOwner): boolean {
  if (here.bootId !== undefined || owner.bootId !== undefined) {
    return owner.bootId === here.bootId && here.namespaces !== undefined && owner.namespaces === here.namespaces;
  }
  // No Linux: there are no namespaces, and the name of the machine with the time of its start has to do.
  const apart = Math.abs(owner.bootedAt - here.bootedAt);
  return process.platform !== 'linux' && owner.host === here.host && apart < sameBootMilliseconds;
}

function isAlive({ pid, startTime }: LockOwner): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  // A /proc of other namespaces would tell of another process.
  if (startTime === undefined || attempt(() => readlinkSync('/proc/self')) !== String(process.pid)) return true;
  const status = processStatus(pid);
  if (status === undefined) return true;
  // One that has ended, but whose parent did not ask for its exit code yet, still has its number.
  if (status.state === 'Z' && status.threads <= 1) return false;
  return status.startTime === startTime;
}

/**
 * Whether the owner of a lock is still there: `unknown` when it runs on another machine, in another container, or was started before
 * the machine was; then only its signs of life tell.
 *
 * Machines are told apart by their boot and not by their name: a name may be given to two, and one that stops answering may be replaced
 * by another of its name while it still writes.
 */
export function ownerState(owner: LockOwner, here: LockOwner): 'alive' | 'dead' | 'unknown' {
  if (!sharesProcesses(owner, here)) return 'unknown';
  return isAlive(owner) ? 'alive' : 'dead';
}
