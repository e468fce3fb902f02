// How two runs differ: in what they were told, in what they were made with, and in what came of it.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Difference, recipeDifferences } from '../swap.ts';
import { environmentDifferences } from './environment.ts';
import { runFolder } from './run-folder.ts';
import { lastRecipe, readRecord } from './run-record.ts';

/** A number that two runs were measured by. */
export interface ComparedNumber {
  /** `mode-coverage.modesFound`. */
  readonly name: string;
  /** As each run measured it last; absent where it did not. */
  readonly values: readonly [number | undefined, number | undefined];
}

/** How two runs differ. Plain JSON. */
export interface RunComparison {
  readonly folders: readonly [string, string];
  /** Every place in which their recipes differ, those that they end with. */
  readonly recipe: readonly Difference[];
  /** In what else they were made, a sentence each: the backend, threads, the processor. */
  readonly environment: readonly string[];
  /** Steps that each has made, as far as it was measured or told. */
  readonly steps: readonly [number, number];
  /** Numbers of the last measurement. */
  readonly numbers: readonly ComparedNumber[];
  /** Whether both generators are the same, to the last bit; absent while one of them has none. */
  readonly sameGenerator?: boolean | undefined;
}

type Line = Readonly<Record<string, unknown>>;

/** The last line of a file with a JSON object on each, that has what is looked for. */
async function lastLine(path: string, has: (line: Line) => boolean): Promise<Line | undefined> {
  const lines = (await readFile(path, 'utf8').catch(() => '')).trimEnd().split('\n');
  for (const text of lines.reverse()) {
    try {
      const line = JSON.parse(text) as Line;
      if (has(line)) return line;
    } catch {
      // A run that is being written may end in half a line.
    }
  }
  return undefined;
}

async function resultsOf(path: string) {
  const folder = runFolder(path);
  const step = await lastLine(folder.metrics, (line) => typeof line['step'] === 'number' && line['type'] === undefined);
  const measured = await lastLine(folder.measurements, (line) => typeof line['step'] === 'number');
  const { step: _, ...numbers } = measured ?? {};
  const generator = await readFile(join(folder.generator, 'generator.safetensors')).catch(() => undefined);
  return { steps: Number(step?.['step'] ?? measured?.['step'] ?? 0), numbers, generator };
}

/**
 * Tells how two runs differ, whether they are over or not. Nothing is written.
 * @param a The folder of a run. @param b That of another.
 * @throws GanKitError `file` when there is no run in one of them, `invalid-data` when its record is damaged.
 */
export async function compareRuns(a: string, b: string): Promise<RunComparison> {
  const records = [await readRecord(runFolder(a)), await readRecord(runFolder(b))] as const;
  const [first, second] = [await resultsOf(a), await resultsOf(b)];
  const names = [...new Set([...Object.keys(first.numbers), ...Object.keys(second.numbers)])];
  const numberOf = (value: unknown) => (typeof value === 'number' ? value : undefined);
  return {
    folders: [a, b],
    recipe: recipeDifferences(lastRecipe(records[0]), lastRecipe(records[1])),
    environment: environmentDifferences(records[0].environment, records[1].environment),
    steps: [first.steps, second.steps],
    numbers: names.map((name) => ({
      name,
      values: [numberOf(first.numbers[name]), numberOf(second.numbers[name])],
    })),
    ...(first.generator === undefined || second.generator === undefined
      ? {}
      : { sameGenerator: first.generator.equals(second.generator) }),
  };
}
