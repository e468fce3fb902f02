// A sweep on this machine: a number of trials at a time, each in a process of its own.
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkInteger, checkOptions } from '@gankit/core';
import { trialsOf } from '../trial.ts';
import type { TrialResult } from './run-trial.ts';
import type { SweepFile } from './sweep-file.ts';
import { trialProcess } from './trial-process.ts';

/** What whoever looks on is told. Plain JSON. */
export type TrialEvent =
  | { readonly type: 'begin'; readonly index: number; readonly attempt: number }
  | { readonly type: 'progress'; readonly index: number; readonly step: number; readonly steps: number }
  | { readonly type: 'again'; readonly index: number; readonly message: string }
  | { readonly type: 'end'; readonly index: number; readonly result: TrialResult };

export interface RunSweepOptions {
  /** What starts the command `gankit`: a program and its first arguments, such as ['npx', 'gankit']. */
  readonly command: readonly string[];
  /** Trials at a time; as many as fit the processors with the threads of the sweep when absent. */
  readonly processes?: number | undefined;
  /** How often a trial is begun again that ended in a way that trying again may mend; 3 when absent. */
  readonly retries?: number | undefined;
  /** Whether trials that failed before are begun anew; they stay failed when absent. */
  readonly retryFailed?: boolean | undefined;
  /** Milliseconds before a trial is tried again; 2,000 when absent. */
  readonly pause?: number | undefined;
  /** Stops every trial after the step that it is making; what was made is saved. */
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: ((event: TrialEvent) => void) | undefined;
}

/** What became of every trial that was run, by number. */
export type SweepResults = ReadonlyMap<number, TrialResult>;

/**
 * Does what is left to do of a sweep, rung by rung. It may be stopped, killed and called again, also while other engines work on the same sweep.
 * @throws GanKitError `file` when the command cannot be started.
 */
export async function runSweep(file: SweepFile, options: RunSweepOptions): Promise<SweepResults> {
  checkOptions('runSweep', options, {
    command: 'required',
    processes: 'optional',
    retries: 'optional',
    retryFailed: 'optional',
    pause: 'optional',
    signal: 'optional',
    onEvent: 'optional',
  });
  const { plan } = file;
  const { command, retries = 3, pause = 2000, signal, onEvent = () => {}, retryFailed = false } = options;
  const { processes = Math.max(1, Math.floor(availableParallelism() / plan.sweep.threads)) } = options;
  checkInteger('processes', processes);
  checkInteger('retries', retries, 0);
  checkInteger('pause', pause, 0);
  const results = new Map<number, TrialResult>();
  const failure = new AbortController();
  const stop = AbortSignal.any([failure.signal, ...(signal === undefined ? [] : [signal])]);

  async function run(index: number): Promise<TrialResult> {
    for (let attempt = 0; ; attempt++) {
      onEvent({ type: 'begin', index, attempt });
      const result = await trialProcess(file, index, {
        command,
        parameters: retryFailed && attempt === 0 ? ['--retry-failed'] : [],
        signal: stop,
        onProgress: (step, steps) => onEvent({ type: 'progress', index, step, steps }),
      });
      if (!result.retry || attempt >= retries || stop.aborted) return result;
      onEvent({ type: 'again', index, message: result.message });
      await sleep(pause, undefined, { signal: stop }).catch(() => undefined);
      if (stop.aborted) return result;
    }
  }

  for (const rung of plan.rungs.keys()) {
    const waiting = trialsOf(plan, rung).map(({ index }) => index);
    const lane = async () => {
      while (waiting.length > 0 && !stop.aborted) {
        const index = waiting.shift()!;
        const result = await run(index);
        results.set(index, result);
        onEvent({ type: 'end', index, result });
      }
    };
    const lanes = Array.from({ length: Math.min(processes, waiting.length) }, async () => {
      try {
        await lane();
      } catch (error) {
        // The others are told to stop, and save what they made.
        failure.abort(error);
      }
    });
    await Promise.all(lanes);
    if (failure.signal.aborted) throw failure.signal.reason;
    if (stop.aborted) break;
  }
  return results;
}
