// Hands a sweep to workers through a queue, and watches its folder until it is over. What lies there is the truth: Redis may lose everything.
import { rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkInteger, checkOptions } from '@gankit/core';
import type { Queue } from 'bullmq';
import { rungNumbers, runOfTrial } from '../../outcome.ts';
import { type Trial, trialsOf } from '../../trial.ts';
import { outcomePath, readOutcomes } from '../outcome-file.ts';
import type { SweepResults, TrialEvent } from '../run-sweep.ts';
import type { TrialResult } from '../run-trial.ts';
import { runFolderOf, type SweepFile } from '../sweep-file.ts';
import { connectQueue, type QueueConnectionOptions, queueName } from './connection.ts';
import { jobVersion, type TrialJob } from './trial-job.ts';

export interface RunSweepOnQueueOptions extends QueueConnectionOptions {
  /** How often a trial is begun again that found no file, or was killed while its worker lived; 3 when absent. */
  readonly retries?: number | undefined;
  /** Whether trials that failed before are begun anew; they stay failed when absent. */
  readonly retryFailed?: boolean | undefined;
  /** Milliseconds between two looks; 1,000 when absent. */
  readonly interval?: number | undefined;
  /** Ends the watching. Workers go on: what was handed in stays in the queue. */
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: ((event: TrialEvent) => void) | undefined;
}

/** Milliseconds before a trial is begun again; twice as many each time. */
const backoff = 2000;

/** Looks after which a job that is neither there nor done is handed in again: a network's file system may show its outcome later. */
const looksUntilLost = 5;

/**
 * Does what is left to do of a sweep, by whatever workers there are.
 * @throws GanKitError `file` when Redis cannot be reached or BullMQ is not installed, `invalid-argument` for an address that is refused.
 */
export async function runSweepOnQueue(file: SweepFile, options: RunSweepOnQueueOptions): Promise<SweepResults> {
  checkOptions('runSweepOnQueue', options, {
    queue: 'required',
    trustNetwork: 'optional',
    retries: 'optional',
    retryFailed: 'optional',
    interval: 'optional',
    signal: 'optional',
    onNote: 'optional',
    onEvent: 'optional',
  });
  const { retries = 3, retryFailed = false, interval = 1000, signal, onEvent = () => {} } = options;
  checkInteger('retries', retries, 0);
  checkInteger('interval', interval);
  const connection = await connectQueue(options);
  const queue = new connection.bull.Queue(queueName, { connection: connection.redis });
  queue.on('error', () => undefined);
  const results = new Map<number, TrialResult>();
  const aborted = new Promise<undefined>((resolve) => {
    if (signal?.aborted) resolve(undefined);
    else signal?.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  try {
    if (retryFailed) await forgetFailures(file);
    for (const rung of file.plan.rungs.keys()) {
      await runRung(trialsOf(file.plan, rung));
      if (signal?.aborted) break;
    }
  } finally {
    await connection.close();
    await queue.close().catch(() => undefined);
  }
  return results;

  async function runRung(trials: readonly Trial[]): Promise<void> {
    const open = new Map(trials.map((trial) => [trial.index, { trial, lost: 0 }]));
    const end = (result: TrialResult) => {
      open.delete(result.index);
      results.set(result.index, result);
      onEvent({ type: 'end', index: result.index, result });
    };
    await settle(open, end);
    for (const index of open.keys()) await handIn(queue, file, index, retries);
    while (open.size > 0 && !signal?.aborted) {
      await sleep(interval, undefined, { signal }).catch(() => undefined);
      // Looked at first: what is not there by then was neither waiting nor done.
      const looks = [...open.keys()].map(async (index) => [index, await stateOf(queue, file, index)] as const);
      // A Redis that is away is waited for, but not by whoever wants to leave.
      const looked = Promise.all(looks);
      looked.catch(() => undefined);
      const jobs = await Promise.race([looked, aborted]);
      if (jobs === undefined) return;
      await settle(open, end);
      for (const [index, { state, reason, progress }] of jobs) {
        const waiting = open.get(index);
        if (waiting === undefined) continue;
        if (progress !== undefined) onEvent({ type: 'progress', index, ...progress });
        if (state === 'failed') end({ index, state: 'unavailable', retry: true, message: reason });
        waiting.lost = state === 'unknown' ? waiting.lost + 1 : 0;
        if (waiting.lost === looksUntilLost) await handIn(queue, file, index, retries);
      }
    }
  }

  /** Takes out what is over by what lies in the folder. */
  async function settle(
    open: ReadonlyMap<number, { readonly trial: Trial }>,
    end: (result: TrialResult) => void,
  ): Promise<void> {
    const outcomes = await readOutcomes(file);
    for (const [index, { trial }] of open) {
      const run = runOfTrial(file.plan, trial, outcomes);
      const outcome = run === undefined ? undefined : outcomes.get(run);
      const numbers = rungNumbers(file.plan, outcome, trial.rung);
      if (outcome === undefined || numbers === undefined) continue;
      const state = numbers === 'failed' ? 'failed' : 'done';
      end({ index, state, retry: false, message: outcome.reason, folder: runFolderOf(file, run!), outcome });
    }
  }
}

async function forgetFailures(file: SweepFile): Promise<void> {
  for (const [run, { state }] of await readOutcomes(file)) {
    if (state === 'failed') await rm(outcomePath(file, run), { force: true });
  }
}

const jobIdOf = ({ id }: SweepFile, index: number) => `${id}-${index}`;

/** Puts a trial into the queue, once: one that waits or runs there already stays as it is. */
async function handIn(queue: Queue, file: SweepFile, index: number, retries: number): Promise<void> {
  const jobId = jobIdOf(file, index);
  const before = await queue.getJob(jobId);
  const state = await before?.getState();
  if (state === 'failed' || state === 'completed') await before?.remove();
  const data: TrialJob = { version: jobVersion, name: basename(file.path, '.json'), id: file.id, index };
  await queue.add('trial', data, {
    jobId,
    attempts: retries + 1,
    backoff: { type: 'exponential', delay: backoff },
    removeOnComplete: true,
  });
}

interface JobState {
  readonly state: string;
  /** Why it failed. */
  readonly reason: string;
  readonly progress?: { readonly step: number; readonly steps: number } | undefined;
}

async function stateOf(queue: Queue, file: SweepFile, index: number): Promise<JobState> {
  const job = await queue.getJob(jobIdOf(file, index));
  if (job === undefined) return { state: 'unknown', reason: '' };
  const progress = job.progress as { readonly step?: unknown; readonly steps?: unknown } | null;
  const told = typeof progress?.step === 'number' && typeof progress.steps === 'number';
  return {
    state: await job.getState(),
    reason: job.failedReason ?? '',
    progress: told ? (progress as { step: number; steps: number }) : undefined,
  };
}
