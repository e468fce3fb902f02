// How every run of a sweep stands, from what lies in its folder: no engine is asked.
import { readdir } from 'node:fs/promises';
import { folderUser } from '@gankit/core/node';
import { runFolder } from '@gankit/recipes/node';
import type { Outcome } from '../outcome.ts';
import { type SweepReport, sweepReport } from '../report.ts';
import { runNumber } from '../trial.ts';
import { readOutcomes } from './outcome-file.ts';
import { runFolderOf, type SweepFile } from './sweep-file.ts';

/** How one run of a sweep stands. Plain JSON. */
export interface RunStatus {
  readonly run: number;
  readonly folder: string;
  readonly values: Readonly<Record<string, string>>;
  readonly seed: number;
  /** `begun`: it was begun, and nobody trains it now; the next call resumes it. */
  readonly state: Outcome['state'] | 'running' | 'begun' | 'open';
  /** Steps of the newest checkpoint. */
  readonly step: number;
  /** Steps that it will make; absent where the recipe leaves that to the data. */
  readonly steps?: number | undefined;
  /** Who trains it, for one that runs: `process 4711 on 'atlas'`. */
  readonly where?: string | undefined;
  /** How it ended or why it failed. */
  readonly reason?: string | undefined;
}

/** How a sweep stands. Plain JSON. */
export interface SweepStatus {
  readonly id: string;
  readonly path: string;
  readonly runs: readonly RunStatus[];
  /** How many runs are in each state. */
  readonly counts: Readonly<Record<RunStatus['state'], number>>;
}

async function newestStep(checkpoints: string): Promise<number> {
  const names = await readdir(checkpoints).catch(() => []);
  return Math.max(0, ...names.flatMap((name) => (/^step-\d+$/.test(name) ? [Number(name.slice('step-'.length))] : [])));
}

/**
 * How every run of a sweep stands.
 * @throws GanKitError `invalid-data` for an outcome that is none.
 */
export async function sweepStatus(file: SweepFile): Promise<SweepStatus> {
  const { plan } = file;
  const outcomes = await readOutcomes(file);
  const runs: RunStatus[] = [];
  for (const [seedIndex, seed] of plan.sweep.seeds.entries()) {
    for (const { index, values, recipe } of plan.configurations) {
      const run = runNumber(plan, index, seedIndex);
      const folder = runFolderOf(file, run);
      const outcome = outcomes.get(run);
      const owner = outcome === undefined || outcome.state === 'paused' ? await folderUser(folder) : undefined;
      const step = Math.max(outcome?.step ?? 0, await newestStep(runFolder(folder).checkpoints));
      const begun = await readdir(folder).then(
        (names) => names.includes('run.json'),
        () => false,
      );
      runs.push({
        run,
        folder,
        values,
        seed,
        state: owner === undefined ? (outcome?.state ?? (begun ? 'begun' : 'open')) : 'running',
        step,
        steps: recipe.stopping?.steps,
        where: owner && `process ${owner.pid} on '${owner.host}'`,
        reason: outcome?.reason,
      });
    }
  }
  const count = (state: RunStatus['state']) => runs.filter((run) => run.state === state).length;
  const counts = {
    done: count('done'),
    paused: count('paused'),
    failed: count('failed'),
    running: count('running'),
    begun: count('begun'),
    open: count('open'),
  };
  return { id: file.id, path: file.path, runs, counts };
}

/** The report of a sweep as it stands now. @throws GanKitError As {@link sweepStatus}. */
export async function reportSweep(file: SweepFile): Promise<SweepReport> {
  return sweepReport(file.plan, await readOutcomes(file));
}
