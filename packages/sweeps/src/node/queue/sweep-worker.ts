// A worker: takes trials from the queue and runs each in a process of its own. Any number of them, on any machines that see the sweep's folder.
import { availableParallelism } from 'node:os';
import { checkInteger, checkOptions, GanKitError } from '@gankit/core';
import type { Job } from 'bullmq';
import type { TrialEvent } from '../run-sweep.ts';
import type { TrialResult } from '../run-trial.ts';
import { trialProcess } from '../trial-process.ts';
import { connectQueue, type QueueConnectionOptions, queueName } from './connection.ts';
import { sweepOfJob } from './trial-job.ts';

export interface SweepWorkerOptions extends QueueConnectionOptions {
  /** The folder in which the sweeps lie that it works on; it works on no others. */
  readonly folder: string;
  /** What starts the command `gankit`: a program and its first arguments, such as ['npx', 'gankit']. */
  readonly command: readonly string[];
  /** Trials at a time; one for each processor when absent. */
  readonly processes?: number | undefined;
  /** Seconds without a sign of life after which its trials are given to others; 30 when absent. The same for all workers. */
  readonly patience?: number | undefined;
  /** Ends the worker; its trials save what they made, and others take them. */
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: ((event: TrialEvent) => void) | undefined;
}

/** How soon a trial is looked at again that another process trains, or that waits for others, in milliseconds. */
const busyDelay = 2000;

/** A worker is killed as often as it is: what counts is how often a trial fails by itself. */
const mostStalls = 1_000_000;

/**
 * Works until the signal says so.
 * @throws GanKitError `file` when Redis cannot be reached or BullMQ is not installed, `invalid-argument` for an address that is refused.
 */
export async function sweepWorker(options: SweepWorkerOptions): Promise<void> {
  checkOptions('sweepWorker', options, {
    queue: 'required',
    folder: 'required',
    command: 'required',
    trustNetwork: 'optional',
    processes: 'optional',
    patience: 'optional',
    signal: 'optional',
    onNote: 'optional',
    onEvent: 'optional',
  });
  const { folder, command, signal, patience = 30, onEvent = () => {}, onNote = () => {} } = options;
  const { processes = availableParallelism() } = options;
  checkInteger('processes', processes);
  checkInteger('patience', patience, 2);
  const connection = await connectQueue(options);
  const { bull, redis } = connection;

  async function later(job: Job, token: string | undefined): Promise<never> {
    await job.moveToDelayed(Date.now() + busyDelay, token);
    throw new bull.DelayedError();
  }

  /** @returns What the job comes to. @throws What BullMQ takes for another try, or for none. */
  async function process(job: Job, token: string | undefined): Promise<TrialResult> {
    const { file, index } = await sweepOfJob(job.data, folder).catch((error: unknown) => {
      onNote((error as Error).message);
      const hopeless = GanKitError.isInstance(error) && error.code === 'invalid-data';
      throw hopeless ? new bull.UnrecoverableError(error.message) : error;
    });
    onEvent({ type: 'begin', index, attempt: job.attemptsMade });
    const result = await trialProcess(file, index, {
      command,
      signal,
      onProgress(step, steps) {
        onEvent({ type: 'progress', index, step, steps });
        // It is of no use once Redis is away.
        job.updateProgress({ step, steps }).catch(() => undefined);
      },
    });
    onEvent({ type: 'end', index, result });
    if (result.state === 'done') return result;
    if (!result.retry) throw new bull.UnrecoverableError(result.message);
    if (result.state === 'unavailable') throw new Error(result.message);
    return later(job, token);
  }

  const worker = new bull.Worker(queueName, process, {
    connection: redis,
    concurrency: processes,
    lockDuration: 1000 * patience,
    stalledInterval: 500 * patience,
    maxStalledCount: mostStalls,
    autorun: false,
  });
  // The connection says when Redis is away; without a listener an error would end the process.
  worker.on('error', () => undefined);
  const ended = new Promise<void>((resolve) => {
    if (signal?.aborted) resolve();
    else signal?.addEventListener('abort', () => resolve(), { once: true });
  });
  const running = worker.run();
  running.catch(() => undefined);
  try {
    await Promise.race([ended, running]);
    // Its trials were told by the same signal, and are waited for. Without Redis nobody can be told of them: it finds that out by itself.
    await worker.close(redis.status !== 'ready');
  } finally {
    await connection.close();
  }
}
