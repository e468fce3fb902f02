// `gankit trial`: what is left of one trial. Engines and `gankit sweep run` call it; what it tells them is its exit code.
import { type EventHandler, GanKitError } from '@gankit/core';
import { trialsOf } from '@gankit/sweeps';
import {
  openSweep,
  runTrial,
  type SweepFile,
  type TrialMessage,
  type TrialResult,
  trialExitCode,
  tryAgainCode,
} from '@gankit/sweeps/node';
import { abortOnInterrupt } from '../interrupt.ts';
import { exitCodes } from '../report-error.ts';
import { say } from '../say.ts';

/** The options of `gankit trial`. */
export interface TrialFlags {
  readonly index?: number | undefined;
  readonly rung?: number | undefined;
  readonly of?: number | undefined;
  readonly backend?: string | undefined;
  readonly retryFailed?: boolean | undefined;
  readonly json?: boolean | undefined;
}

/** Where engines put the number of a task, and what it counts from. */
const counters = [
  { name: 'SLURM_ARRAY_TASK_ID', from: 0 },
  { name: 'JOB_COMPLETION_INDEX', from: 0 },
  { name: 'HQ_TASK_ID', from: 0 },
  { name: 'PARALLEL_SEQ', from: 1 },
] as const;

/** The number of the trial. @throws GanKitError `invalid-argument` when nobody says it. */
function indexOf({ index }: TrialFlags, environment: NodeJS.ProcessEnv): number {
  if (index !== undefined) return index;
  for (const { name, from } of counters) {
    const text = environment[name];
    if (text === undefined) continue;
    if (/^\d+$/.test(text) && Number(text) >= from) return Number(text) - from;
    throw new GanKitError('invalid-argument', `${name} is '${text}', which is no number of a trial.`, { value: text });
  }
  const known = counters.map(({ name }) => name).join(', ');
  throw new GanKitError('invalid-argument', `Which trial? Say --index N, or start it where one of ${known} is set.`);
}

/** Tells whoever started this process, if that is one of ours. */
function tell(message: TrialMessage): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined || !process.connected) resolve();
    else process.send(message, undefined, undefined, () => resolve());
  });
}

/** Milliseconds between two reports of progress. */
const progressInterval = 1000;

function tellProgress(): EventHandler {
  let last = Number.NEGATIVE_INFINITY;
  let steps: number | undefined;
  return (event) => {
    if (event.type === 'start') steps = event.until;
    if (event.type !== 'step' || performance.now() - last < progressInterval) return;
    last = performance.now();
    void tell({ type: 'progress', step: event.step, steps: steps ?? event.step });
  };
}

/** The worst of several: a failure is final, and whatever may be tried again should be. */
function worstCode(results: readonly TrialResult[]): number {
  const codes = results.map(trialExitCode);
  return codes.includes(tryAgainCode) ? tryAgainCode : Math.max(0, ...codes);
}

async function runOne(file: SweepFile, index: number, flags: TrialFlags, signal: AbortSignal): Promise<TrialResult> {
  const result = await runTrial(file, index, {
    signal,
    backend: flags.backend,
    retryFailed: flags.retryFailed,
    callbacks: [tellProgress()],
    onNote: say,
  });
  say(`Trial ${index}: ${result.state}. ${result.message}${result.folder === undefined ? '' : ` (${result.folder})`}`);
  await tell({ type: 'result', result });
  return result;
}

/** The numbers of the trials that are asked for, in the whole sweep. @throws GanKitError `invalid-argument` for some that it does not have. */
function indicesOf({ plan }: SweepFile, flags: TrialFlags): readonly number[] {
  const place = indexOf(flags, process.env);
  const { rung, of } = flags;
  if (rung !== undefined && rung > plan.rungs.length) {
    throw new GanKitError(
      'invalid-argument',
      `The sweep has ${plan.rungs.length} rungs, counted from 1; there is no rung ${rung}.`,
      { value: rung },
    );
  }
  const all =
    rung === undefined
      ? plan.rungs.flatMap((_, each) => trialsOf(plan, each).map(({ index }) => index))
      : trialsOf(plan, rung - 1).map(({ index }) => index);
  if (of !== undefined && place >= of) {
    throw new GanKitError('invalid-argument', `--index must be less than --of (${of}), not ${place}.`, {
      value: place,
    });
  }
  if (of !== undefined) return all.filter((_, at) => at % of === place);
  const index = all[place];
  if (index !== undefined) return [index];
  throw new GanKitError(
    'invalid-argument',
    `The ${rung === undefined ? 'sweep' : 'rung'} has ${all.length} trials, counted from 0 to ${all.length - 1}; there is no trial ${place}.`,
    { value: place },
  );
}

/** @returns The exit code, as `gankit trial --help` says. */
export async function trial(path: string, flags: TrialFlags): Promise<number> {
  const file = await openSweep(path);
  const indices = indicesOf(file, flags);
  const { sweep } = file.plan;
  // Read when the native backend is loaded, which is when the trial begins.
  process.env['GANKIT_ONNX_THREADS'] ??= String(sweep.threads);
  const interrupt = abortOnInterrupt();
  // Whoever started it is gone: another one will take the trial over.
  const orphaned = new AbortController();
  const orphan = () => orphaned.abort();
  if (process.connected) process.once('disconnect', orphan);
  const signal = AbortSignal.any([interrupt.signal, orphaned.signal]);
  const results: TrialResult[] = [];
  try {
    for (const index of indices) {
      results.push(await runOne(file, index, flags, signal));
      if (signal.aborted) break;
    }
  } finally {
    interrupt.release();
    // Nothing listens on the channel any more, and so it keeps this process no longer.
    process.off('disconnect', orphan);
  }
  if (flags.json === true) {
    process.stdout.write(`${JSON.stringify(flags.of === undefined ? results[0] : results, undefined, 2)}\n`);
  }
  if (results.at(-1)?.state !== 'stopped') return worstCode(results);
  return orphaned.signal.aborted ? exitCodes.terminated : interrupt.exitCode;
}
