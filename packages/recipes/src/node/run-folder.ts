// The folder of a run: made new, never shared with another run.
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { GanKitError } from '@gankit/core';
import { isLockFile, makeFolder } from '@gankit/core/node';

/** The paths in a run's folder. */
export interface RunFolder {
  readonly path: string;
  /** The recipe that is played, with every default. */
  readonly recipe: string;
  /** What else the run was made with, and what was changed on the way. */
  readonly record: string;
  readonly metrics: string;
  /** A line for each measurement of the recipe's metrics, for a run that has some. */
  readonly measurements: string;
  readonly generator: string;
  /** The folder of the checkpoints. */
  readonly checkpoints: string;
  /** The folder of TensorBoard's event files. */
  readonly tensorBoard: string;
  /** The newest sample picture. */
  readonly latestSamples: string;
  /** The sample picture of a step. */
  samplesAt(step: number): string;
}

export function runFolder(path: string): RunFolder {
  return {
    path,
    recipe: join(path, 'recipe.json'),
    record: join(path, 'run.json'),
    metrics: join(path, 'metrics.jsonl'),
    measurements: join(path, 'measurements.jsonl'),
    generator: join(path, 'generator'),
    checkpoints: join(path, 'checkpoints'),
    tensorBoard: join(path, 'tensorboard'),
    latestSamples: join(path, 'samples.png'),
    samplesAt: (step) => join(path, 'samples', `step-${String(step).padStart(6, '0')}.png`),
  };
}

/**
 * Makes the first of runs/NAME, runs/NAME-2, runs/NAME-3, ... that nobody has made before: of several processes that ask at once, each gets
 * its own, because making a folder succeeds once.
 * @throws GanKitError `file` when it cannot be made.
 */
export async function claimFreshRunFolder(name: string): Promise<string> {
  await makeFolder('runs');
  for (let number = 1; ; number++) {
    const path = join('runs', number === 1 ? name : `${name}-${number}`);
    try {
      await mkdir(path);
      return path;
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'EEXIST') continue;
      throw new GanKitError('file', `The output folder '${path}' cannot be made (${(cause as Error).message}).`, {
        path,
        cause,
      });
    }
  }
}

/**
 * Makes a folder for a run, or takes one that is empty. Whoever locks it first trains there.
 * @throws GanKitError `conflict` when it holds anything already, `file` when it cannot be made.
 */
export async function claimRunFolder(path: string): Promise<string> {
  let present: string[] = [];
  try {
    present = (await readdir(path)).filter((name) => !isLockFile(name));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') {
      throw new GanKitError('file', `The output folder '${path}' cannot be used (${(cause as Error).message}).`, {
        path,
        cause,
      });
    }
  }
  if (present.length > 0) {
    const isRun = present.includes('run.json');
    throw new GanKitError(
      'conflict',
      `The output folder '${path}' already holds ${isRun ? 'another run' : 'other files'}; choose another with --out${isRun ? `, or go on with it: gankit train --resume ${path}` : ''}.`,
      { path },
    );
  }
  await makeFolder(path);
  return path;
}
