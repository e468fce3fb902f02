// A trial in a process of its own: whoever starts it stays free, and a crash ends nothing but the trial.
import { type ChildProcess, spawn } from 'node:child_process';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { GanKitError } from '@gankit/core';
import { makeFolder } from '@gankit/core/node';
import type { TrialResult } from './run-trial.ts';
import { runName, type SweepFile } from './sweep-file.ts';

/** What a trial's process tells whoever started it, over its channel. Plain JSON. */
export type TrialMessage =
  | { readonly type: 'progress'; readonly step: number; readonly steps: number }
  | { readonly type: 'result'; readonly result: TrialResult };

/** The exit code that asks for another try. (EX_TEMPFAIL of sysexits.h.) */
export const tryAgainCode = 75;

/** The exit code that says what an engine needs to know of a trial: 0, 1 where trying again does not help, 75 where it may. */
export function trialExitCode({ state, retry }: TrialResult): number {
  if (state === 'done') return 0;
  return retry ? tryAgainCode : 1;
}

export interface TrialProcessOptions {
  /** What starts the command `gankit`, a program and its first arguments. */
  readonly command: readonly string[];
  /** More arguments of `gankit trial`. */
  readonly parameters?: readonly string[] | undefined;
  /** Stops the process: it saves what it made. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((step: number, steps: number) => void) | undefined;
}

/** How long a process that was asked to stop is waited for before it is killed, in milliseconds. */
const patience = 60_000;

function stopWith(child: ChildProcess, signal: AbortSignal | undefined): () => void {
  let timer: NodeJS.Timeout | undefined;
  const stop = () => {
    child.kill('SIGTERM');
    timer = setTimeout(() => child.kill('SIGKILL'), patience);
  };
  if (signal?.aborted) stop();
  else signal?.addEventListener('abort', stop, { once: true });
  return () => {
    signal?.removeEventListener('abort', stop);
    clearTimeout(timer);
  };
}

/** What a process says that ended without a result. */
function unheard(index: number, code: number | null, signal: NodeJS.Signals | null, log: string): TrialResult {
  const how = signal === null ? `with code ${code}` : `by ${signal}`;
  // A wrong command line stays wrong. All else may have been the machine: memory, a power cut, somebody's kill.
  return {
    index,
    state: code === 1 || code === 2 ? 'failed' : 'unavailable',
    retry: code !== 1 && code !== 2,
    message: `The process of trial ${index} ended ${how} before it said what became of it; see ${log}.`,
  };
}

/**
 * Runs `gankit trial` for one trial, and waits for it. What it says to people is kept in a log beside its run. It ends by itself when this
 * process does, however that ends: its channel closes.
 * @throws GanKitError `file` when the command cannot be started or its log not be written.
 */
export async function trialProcess(file: SweepFile, index: number, options: TrialProcessOptions): Promise<TrialResult> {
  const { command, parameters = [], signal, onProgress = () => {} } = options;
  const [program = '', ...before] = command;
  await makeFolder(join(file.folder, 'logs'));
  const logPath = join(file.folder, 'logs', `trial-${runName(index)}.log`);
  let log: FileHandle;
  try {
    log = await open(logPath, 'a');
  } catch (cause) {
    throw new GanKitError('file', `'${logPath}' cannot be written (${(cause as Error).message}).`, {
      path: logPath,
      cause,
    });
  }
  try {
    return await new Promise<TrialResult>((resolve, reject) => {
      const args = [...before, 'trial', file.path, '--index', String(index), ...parameters];
      // Not detached: a Ctrl-C in the terminal reaches it as well, and the second signal that it is sent then says nothing new.
      const child = spawn(program, args, {
        stdio: ['ignore', 'ignore', log.fd, 'ipc'],
        env: { ...process.env, NO_COLOR: '1' },
      });
      const release = stopWith(child, signal);
      let result: TrialResult | undefined;
      child.on('message', (message) => {
        const told = message as TrialMessage;
        if (told.type === 'progress') onProgress(told.step, told.steps);
        else if (told.type === 'result') result = told.result;
      });
      child.on('error', (cause) => {
        release();
        reject(new GanKitError('file', `'${program}' cannot be started (${cause.message}).`, { path: program, cause }));
      });
      child.on('exit', (code, how) => {
        release();
        const stopped = signal?.aborted === true && (result === undefined || result.state === 'stopped');
        if (!stopped) resolve(result ?? unheard(index, code, how, logPath));
        else resolve({ index, state: 'stopped', retry: true, message: result?.message ?? 'It was stopped.' });
      });
    });
  } finally {
    await log.close();
  }
}
