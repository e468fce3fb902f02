// What a folder of a run holds, as the story of a report. Nothing in it is trusted, and nothing is written.
import { readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { GanKitError } from '@gankit/core';
import { folderUser } from '@gankit/core/node';
import { type RunFolder, readRecord, runFolder } from '@gankit/recipes/node';
import type { MeasuredAtStep, RunState, RunStory } from '../run-story.ts';
import { readLines } from './read-lines.ts';
import { readLog } from './read-log.ts';
import { readPictures } from './read-pictures.ts';

/** More bytes than any generator.json has. */
const longestDocument = 4_000_000;
/** Measurements that are drawn at most. */
const mostMeasurements = 2000;

async function readMeasurements(path: string): Promise<{ values: MeasuredAtStep[]; damaged: number }> {
  const found = new Map<number, MeasuredAtStep>();
  const { damaged } = await readLines(path, (line) => {
    const { step, ...values } = line;
    if (typeof step !== 'number' || !Number.isSafeInteger(step) || step < 0) return;
    const numbers = Object.entries(values).filter(
      (entry): entry is [string, number] => typeof entry[1] === 'number' && Number.isFinite(entry[1]),
    );
    // A resumed run measures a step again.
    if (found.size < mostMeasurements) found.set(step, { step, values: Object.fromEntries(numbers.slice(0, 64)) });
  });
  return { values: [...found.values()].sort((a, b) => a.step - b.step), damaged };
}

interface Described {
  readonly sampleShape?: readonly number[] | undefined;
  readonly classNames?: readonly string[] | undefined;
}

/** What the generator's document says of a sample; nothing when there is none yet, or it cannot be read. */
async function describedSamples(folder: RunFolder): Promise<Described> {
  const path = join(folder.generator, 'generator.json');
  try {
    const { size } = await stat(path);
    if (size > longestDocument) return {};
    const { specification, classNames } = JSON.parse(await readFile(path, 'utf8'));
    const { sampleShape } = specification ?? {};
    const isShape = Array.isArray(sampleShape) && sampleShape.every((side) => Number.isInteger(side) && side > 0);
    const areNames = Array.isArray(classNames) && classNames.every((name) => typeof name === 'string');
    return {
      sampleShape: isShape ? sampleShape : undefined,
      classNames: areNames ? classNames.slice(0, 1000) : undefined,
    };
  } catch {
    return {};
  }
}

async function stateOf(path: string, step: number, steps: number): Promise<RunState> {
  if ((await folderUser(path)) !== undefined) return 'running';
  return step >= steps ? 'complete' : 'ended';
}

/**
 * Reads what a run tells of itself, also while it goes on or after it was broken off: what is damaged is passed over, with a remark.
 * @param path The folder of the run.
 * @throws GanKitError `file` when there is no run, `invalid-data` when its record is damaged or from a newer version.
 */
export async function readRunStory(path: string): Promise<RunStory> {
  const folder = runFolder(path);
  if (!(await stat(path).catch(() => undefined))?.isDirectory()) {
    throw new GanKitError('file', `There is no run folder '${path}'.`, { path });
  }
  const record = await readRecord(folder);
  const log = await readLog(folder.metrics);
  const measured = await readMeasurements(folder.measurements);
  const described = await describedSamples(folder);
  const { steps } = record.recipes.at(-1)!.recipe.stopping;
  const pictures = await readPictures(folder, described.sampleShape);
  const damaged = log.damaged + measured.damaged;
  return {
    name: basename(resolve(path)),
    path,
    state: await stateOf(path, log.step, steps),
    step: log.step,
    samplesSeen: log.samplesSeen,
    recipes: record.recipes,
    environment: { ...record.environment },
    curves: log.curves,
    happenings: log.happenings,
    measurements: measured.values,
    ...pictures,
    ...described,
    remarks: damaged === 0 ? [] : [`${damaged} ${damaged === 1 ? 'line' : 'lines'} of the logs could not be read.`],
  };
}
