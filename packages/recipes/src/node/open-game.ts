// The game of a run as its newest checkpoint left it, to be looked at: nothing is written and nothing locked.
import { existsSync } from 'node:fs';
import { type BackendName, selectBackend } from '@gankit/backends';
import { checkOptions, type DataSource, GanKitError, partState } from '@gankit/core';
import { Checkpoints } from '@gankit/trainer/node';
import { buildRun, type Run } from '../build-run.ts';
import type { Recipe } from '../recipe.ts';
import { type DataSets, openData } from './plan-run.ts';
import { runFolder } from './run-folder.ts';
import { readRecord, recipesAt } from './run-record.ts';

export interface OpenGameOptions {
  /** Data sets by name; every one that Node can open when absent. */
  readonly data?: DataSets | undefined;
  /** The backend; the fastest that works here when absent. */
  readonly backend?: string | undefined;
}

/** A run that is not played any further here. */
export interface OpenGame {
  readonly run: Run;
  readonly source: DataSource;
  /** Steps that were made. */
  readonly step: number;
}

/**
 * Opens both players, the loss and the data of a run, as they were at its newest checkpoint; it may be trained meanwhile. The caller
 * disposes the run.
 * @param path The folder of the run.
 * @throws GanKitError `file` or `invalid-data` when there is no run that can be read, or it has no checkpoint.
 */
export async function openGame(path: string, options: OpenGameOptions = {}): Promise<OpenGame> {
  checkOptions('openGame', options, { data: 'optional', backend: 'optional' });
  const folder = runFolder(path);
  const record = await readRecord(folder);
  const checkpoints = existsSync(folder.checkpoints) ? await Checkpoints.look(folder.checkpoints) : undefined;
  const checkpoint = await checkpoints?.latest();
  if (checkpoint === undefined) {
    throw new GanKitError('file', `The run in '${path}' has no checkpoint yet; train it for some steps first.`, {
      path,
    });
  }
  const { step } = checkpoint;
  const [{ recipe }] = recipesAt(record, step);
  const { backend } = options;
  await selectBackend(backend === undefined ? {} : { prefer: backend as BackendName, fallback: false });
  const source = await openData(recipe as unknown as Recipe, options.data);
  const run = buildRun(recipe, source);
  try {
    run.trainer.loadState(partState(checkpoint.state, 'trainer'));
  } catch (error) {
    run.dispose();
    throw error;
  }
  return { run, source, step };
}
