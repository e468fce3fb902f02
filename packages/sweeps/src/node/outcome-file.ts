// The outcome of a run, beside its folder: `losses/0042.json`. Written whole or not at all, by whoever holds the folder.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GanKitError } from '@gankit/core';
import { makeFolder, writeFileAtomically } from '@gankit/core/node';
import type { Outcome, Outcomes } from '../outcome.ts';
import { runName, type SweepFile } from './sweep-file.ts';

const states: readonly unknown[] = ['done', 'paused', 'failed'];

function isNumbers(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.values(value).every((each) => typeof each === 'number');
}

function isOutcome(value: unknown): value is Outcome {
  const { state, step, reason, numbers, rungs } = (value ?? {}) as Partial<Record<keyof Outcome, unknown>>;
  return (
    states.includes(state) &&
    Number.isSafeInteger(step) &&
    typeof reason === 'string' &&
    isNumbers(numbers) &&
    Array.isArray(rungs) &&
    rungs.every((rung) => Number.isSafeInteger(rung?.step) && isNumbers(rung?.numbers))
  );
}

/** The file of a run's outcome. */
export function outcomePath({ folder }: SweepFile, run: number): string {
  return join(folder, `${runName(run)}.json`);
}

/**
 * Reads the outcome of a run.
 * @returns `undefined` when it has none yet.
 * @throws GanKitError `invalid-data` for a file that is none, `file` when it cannot be read.
 */
export async function readOutcome(file: SweepFile, run: number): Promise<Outcome | undefined> {
  const path = outcomePath(file, run);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new GanKitError('file', `'${path}' cannot be read (${(cause as Error).message}).`, { path, cause });
  }
  let value: unknown;
  try {
    // JSON has no word for a number that is none.
    value = JSON.parse(text, (_, inner) => (inner === null ? Number.NaN : inner));
  } catch {
    value = undefined;
  }
  if (isOutcome(value)) return value;
  throw new GanKitError(
    'invalid-data',
    `'${path}' is not the outcome of a run; remove it, and the run is looked at again.`,
    {
      path,
    },
  );
}

/** Writes the outcome of a run. @throws GanKitError `file` when it cannot be written. */
export async function writeOutcome(file: SweepFile, run: number, outcome: Outcome): Promise<void> {
  await makeFolder(file.folder);
  await writeFileAtomically(outcomePath(file, run), `${JSON.stringify(outcome, undefined, 2)}\n`);
}

/**
 * The outcomes of all runs that have one.
 * @throws GanKitError As {@link readOutcome}.
 */
export async function readOutcomes(file: SweepFile): Promise<Outcomes> {
  const names = await readdir(file.folder).catch(() => []);
  const runs = names.flatMap((name) => (/^\d{4,}\.json$/.test(name) ? [Number.parseInt(name, 10)] : []));
  const outcomes = await Promise.all(runs.map(async (run) => [run, await readOutcome(file, run)] as const));
  return new Map(outcomes.filter((each): each is readonly [number, Outcome] => each[1] !== undefined));
}
