// The trials of a rung as tasks of an engine: so many that it bears, each a number that counts from 0.
import { checkInteger, GanKitError } from '@gankit/core';
import type { PlannedSweep } from '../trial.ts';

/** What every engine is told. */
export interface EngineOptions {
  /** The path of the sweep's file where the tasks run. */
  readonly path: string;
  /** What starts the command there, a program and its first arguments; ['gankit'] when absent. */
  readonly command?: readonly string[] | undefined;
  /** Which rung of a sweep that halves, from 1; 1 when absent. */
  readonly rung?: number | undefined;
  /** Tasks at most, several trials in each where there are more; 1,000 when absent: many sites allow no larger arrays. */
  readonly tasks?: number | undefined;
  /** How often a task is begun again that was killed or asked for it; 10 when absent. */
  readonly retries?: number | undefined;
  /** Memory of each task in MiB; 2,000 when absent. */
  readonly memory?: number | undefined;
  /** Tasks at a time; as many as the engine likes when absent. */
  readonly parallel?: number | undefined;
}

/** What an engine makes of a sweep. */
export interface Tasks {
  readonly count: number;
  /** Arguments of `gankit` for every task; the number of the task comes from the engine's environment. */
  readonly parameters: readonly string[];
  readonly command: readonly string[];
  readonly retries: number;
  readonly memory: number;
  readonly parallel: number | undefined;
}

/** @throws GanKitError `invalid-argument` for a rung that the sweep does not have, or a number out of range. */
export function tasksOf({ rungs, sweep }: PlannedSweep, options: EngineOptions): Tasks {
  const { path, command = ['gankit'], rung = 1, tasks = 1000, retries = 10, memory = 2000, parallel } = options;
  checkInteger('tasks', tasks);
  checkInteger('retries', retries, 0);
  checkInteger('memory', memory);
  if (parallel !== undefined) checkInteger('parallel', parallel);
  const found = Number.isInteger(rung) ? rungs[rung - 1] : undefined;
  if (found === undefined) {
    throw new GanKitError(
      'invalid-argument',
      `The sweep has ${rungs.length} rungs, counted from 1; there is no rung ${rung}.`,
      {
        value: rung,
      },
    );
  }
  const trials = found.configurations * sweep.seeds.length;
  const count = Math.min(trials, tasks);
  const parameters = [
    'trial',
    path,
    ...(rungs.length > 1 ? ['--rung', String(rung)] : []),
    ...(count < trials ? ['--of', String(count)] : []),
  ];
  return { count, parameters, command, retries, memory, parallel };
}
