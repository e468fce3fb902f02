// `gankit compare`: a small sweep in one go with one table; or how two runs that are there differ.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { GanKitError } from '@gankit/core';
import { compareRuns, type RunComparison } from '@gankit/recipes/node';
import { saveSweep } from '@gankit/sweeps/node';
import { exitCodes } from '../report-error.ts';
import { say } from '../say.ts';
import { type RunFlags, runAndReport } from './sweep.ts';
import { type SweepFlags, sweepFromFlags } from './sweep-from-flags.ts';

/** The options of `gankit compare` besides those of a sweep. */
export interface CompareFlags extends RunFlags {
  readonly out?: string | undefined;
  readonly debug?: boolean | undefined;
}

/** Lines of cells, each column as wide as it must be. */
function columns(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function differenceText({ folders, recipe, environment, steps, numbers, sameGenerator }: RunComparison): string {
  const told = recipe.map(({ path, before, after }) => [path, before, after]);
  const number = (value: number | undefined) => (value === undefined ? '-' : String(Number(value.toPrecision(4))));
  const measured = numbers.map(({ name, values }) => [name, ...values.map(number)]);
  const rows = [['', ...folders], ...told, ['steps made', ...steps.map(String)], ...measured];
  const generators =
    sameGenerator === undefined
      ? []
      : [`The generators are ${sameGenerator ? 'the same, to the last bit' : 'different'}.`];
  return `${[
    columns(rows),
    '',
    ...(told.length === 0 ? ['The recipes are the same.'] : []),
    ...environment.map((sentence) => `Made otherwise: ${sentence}.`),
    ...generators,
  ].join('\n')}\n`;
}

function differenceMarkdown({ folders, recipe, steps, numbers }: RunComparison): string {
  const rows = [
    ...recipe.map(({ path, before, after }) => [path, before, after]),
    ['steps made', ...steps.map(String)],
    ...numbers.map(({ name, values }) => [name, ...values.map((value) => String(value ?? '-'))]),
  ];
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return `${[line(['', ...folders]), '|---|---|---|', ...rows.map(line)].join('\n')}\n`;
}

async function compareTwo(runs: readonly string[], flags: CompareFlags): Promise<number> {
  const [first, second, ...more] = runs;
  if (first === undefined || second === undefined || more.length > 0) {
    throw new GanKitError(
      'invalid-argument',
      `compare takes two run folders, or none and what varies, such as --loss minimax,hinge; not ${runs.length}.`,
      { value: runs },
    );
  }
  const comparison = await compareRuns(first, second);
  if (flags.json === true) process.stdout.write(`${JSON.stringify(comparison, undefined, 2)}\n`);
  else process.stdout.write(flags.markdown === true ? differenceMarkdown(comparison) : differenceText(comparison));
  return exitCodes.success;
}

/** The first of runs/compare-NAME.json, runs/compare-NAME-2.json, ... that is not there. */
function freshFile(data: string): string {
  for (let number = 1; ; number++) {
    const path = join('runs', `compare-${data}${number === 1 ? '' : `-${number}`}.json`);
    if (!existsSync(path) && !existsSync(path.slice(0, -'.json'.length))) return path;
  }
}

/** @returns The exit code: 0 when every trial is done, 1 when some failed, 130 or 143 when it was interrupted. */
export async function compare(runs: readonly string[], flags: CompareFlags & SweepFlags): Promise<number> {
  if (runs.length > 0) return compareTwo(runs, flags);
  const sweep = await sweepFromFlags(flags);
  if (sweep.vary?.length === 0 && sweep.seeds?.length === 1) {
    throw new GanKitError(
      'invalid-argument',
      'There is nothing to compare: give a flag several values, such as --loss minimax,non-saturating or --seeds 3, or two run folders.',
    );
  }
  const file = await saveSweep(flags.out ?? freshFile((sweep.base as { data: { name: string } }).data.name), sweep);
  const { configurations, sweep: planned, trials } = file.plan;
  say(`${configurations.length} configurations x ${planned.seeds.length} seeds are ${trials} runs, in ${file.folder}.`);
  return runAndReport(file, flags);
}
