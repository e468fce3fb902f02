// `gankit sweep new|run|status|report`.
import { GanKitError } from '@gankit/core';
import { type PlannedSweep, reportMarkdown, reportText, type SweepReport } from '@gankit/sweeps';
import {
  openSweep,
  type RunStatus,
  reportSweep,
  runSweep,
  runSweepOnQueue,
  type SweepFile,
  type SweepResults,
  saveSweep,
  sweepStatus,
} from '@gankit/sweeps/node';
import { abortOnInterrupt } from '../interrupt.ts';
import { exitCodes } from '../report-error.ts';
import { say } from '../say.ts';
import { thisCommand } from '../this-command.ts';
import { type SweepFlags, sweepFromFlags } from './sweep-from-flags.ts';
import { trialLines } from './trial-lines.ts';

export type NewFlags = SweepFlags;

export interface ReportFlags {
  readonly json?: boolean | undefined;
  readonly markdown?: boolean | undefined;
}

export type StatusFlags = Pick<ReportFlags, 'json'>;

/** The options of `gankit sweep run`. */
export interface RunFlags extends ReportFlags {
  readonly queue?: string | undefined;
  readonly trustNetwork?: boolean | undefined;
  readonly processes?: number | undefined;
  readonly retries?: number | undefined;
  readonly retryFailed?: boolean | undefined;
}

/** `12 trials: 3 of loss x 2 of rate x 2 seeds`. */
function sizeText({ sweep, configurations, trials, rungs }: PlannedSweep): string {
  const seeds = sweep.seeds.length;
  const of = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;
  const random = sweep.search.name === 'random' ? 'random ' : '';
  const halved =
    rungs.length === 1 ? '' : ` in ${rungs.length} rungs of ${rungs.map((rung) => rung.configurations).join(', ')}`;
  return `${of(trials, 'trial')}: ${of(configurations.length, `${random}configuration`)}${halved}, each with ${of(seeds, 'seed')}`;
}

/** @returns The exit code. */
export async function newSweep(path: string, flags: NewFlags): Promise<number> {
  const file = await saveSweep(path, await sweepFromFlags(flags));
  say(`${path} has ${sizeText(file.plan)}. Run them: gankit sweep run ${path}`);
  return exitCodes.success;
}

function writeReport(report: SweepReport, { json, markdown }: ReportFlags): void {
  if (json === true && markdown === true) {
    throw new GanKitError('invalid-argument', '--json and --markdown exclude each other; leave one out.');
  }
  const text = json === true ? `${JSON.stringify(report, undefined, 2)}\n` : undefined;
  process.stdout.write(text ?? (markdown === true ? reportMarkdown(report) : reportText(report)));
}

/** Runs what is left of a sweep, and shows it. @returns The exit code. */
export async function runAndReport(file: SweepFile, flags: RunFlags): Promise<number> {
  const { queue, retries, retryFailed, trustNetwork } = flags;
  if (queue !== undefined && flags.processes !== undefined) {
    throw new GanKitError('invalid-argument', '--processes is for trials on this machine; each worker has its own.');
  }
  const interrupt = abortOnInterrupt();
  const lines = trialLines(file);
  const common = { retries, retryFailed, signal: interrupt.signal, onEvent: lines.onEvent };
  let results: SweepResults;
  try {
    if (queue === undefined) {
      results = await runSweep(file, { ...common, command: thisCommand(), processes: flags.processes });
    } else results = await runSweepOnQueue(file, { ...common, queue, trustNetwork, onNote: say });
  } finally {
    lines.close();
    interrupt.release();
  }
  writeReport(await reportSweep(file), flags);
  if (interrupt.signal.aborted) {
    const left = queue === undefined ? '' : 'What was handed in stays in the queue. ';
    say(`${left}Go on with: gankit sweep run ${file.path}${queue === undefined ? '' : ' --queue ...'}`);
    return interrupt.exitCode;
  }
  const open = [...results.values()].filter(({ state }) => state !== 'done' && state !== 'failed');
  for (const { index, message } of open) say(`Trial ${index} is not over: ${message}`);
  return [...results.values()].every(({ state }) => state === 'done') ? exitCodes.success : exitCodes.failure;
}

/** @returns The exit code: 0 when every trial is done, 1 when some failed, 130 or 143 when it was interrupted. */
export async function runSweepFile(path: string, flags: RunFlags): Promise<number> {
  const file = await openSweep(path);
  say(`${path} has ${sizeText(file.plan)}; their runs are in ${file.folder}.`);
  return runAndReport(file, flags);
}

function statusLine({ run, folder, values, seed, state, step, steps, where, reason }: RunStatus): readonly string[] {
  const which = Object.values(values).join(', ');
  const made = state === 'open' ? '' : `${step}${steps === undefined ? '' : ` of ${steps}`}`;
  return [String(run), which, `seed ${seed}`, state, made, where ?? (state === 'failed' ? (reason ?? '') : folder)];
}

/** @returns The exit code. */
export async function showStatus(path: string, { json }: StatusFlags): Promise<number> {
  const status = await sweepStatus(await openSweep(path));
  if (json === true) {
    process.stdout.write(`${JSON.stringify(status, undefined, 2)}\n`);
    return exitCodes.success;
  }
  const rows = status.runs.map(statusLine);
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  for (const row of rows) {
    process.stdout.write(
      `${row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd()}\n`,
    );
  }
  const counts = Object.entries(status.counts).filter(([, count]) => count > 0);
  process.stdout.write(`${counts.map(([state, count]) => `${count} ${state}`).join(', ')} of ${rows.length} runs\n`);
  return exitCodes.success;
}

/** @returns The exit code. */
export async function showReport(path: string, flags: ReportFlags): Promise<number> {
  writeReport(await reportSweep(await openSweep(path)), flags);
  return exitCodes.success;
}
