// Trains a planned run, and keeps what it makes in its folder: recipe, record, numbers, pictures, generator, checkpoints.
import {
  type DataSource,
  type EndEvent,
  GanKitError,
  type Json,
  partState,
  type RunCallback,
  type TrainingCallback,
} from '@gankit/core';
import { type FolderLock, lockFolder } from '@gankit/core/node';
import { pngPicture } from '@gankit/pictures/png';
import { Checkpoints, checkpointEvery, type JsonLines, jsonLines, tensorBoard } from '@gankit/trainer/node';
import { buildRun, type Run } from '../build-run.ts';
import { dataFacts } from '../facts.ts';
import type { Measurement } from '../measurements.ts';
import type { ResolvedRecipe } from '../resolve-recipe.ts';
import { timedBatches } from '../timed-batches.ts';
import { bestGenerator } from './best-generator.ts';
import type { PlannedRun } from './plan-run.ts';
import { checkSameEverywhere, fromFirst, isFirst, startTogether } from './ranks.ts';
import { keepResults } from './results.ts';
import { claimFreshRunFolder, claimRunFolder, type RunFolder, runFolder } from './run-folder.ts';
import { lastRecipe, type PlayedRecipe, type RunRecord, writeRecord } from './run-record.ts';

export interface OpenRunOptions {
  /** The folder of a new run, which must be empty or not exist; the first free of runs/NAME, runs/NAME-2, ... when absent. */
  readonly folder?: string | undefined;
  /** Told what whoever looks on should know, a sentence each. */
  readonly onNote?: ((sentence: string) => void) | undefined;
  /** Told each measurement of the recipe's metrics. */
  readonly onMeasure?: ((step: number, measurement: Measurement) => void) | undefined;
}

export interface TrainOptions {
  /** Ends the run after the step that is being made. */
  readonly signal?: AbortSignal | undefined;
  /** What is done with each event besides what the run keeps, such as a progress bar. */
  readonly callbacks?: readonly TrainingCallback[] | undefined;
}

/** A run whose folder belongs to this process. */
export interface OpenRun {
  readonly run: Run;
  readonly source: DataSource;
  readonly folder: RunFolder;
  /** Steps of its newest checkpoint. */
  readonly step: number;
  /** Seconds that the game has waited for its data so far. */
  readonly waitedForData: number;
  /**
   * Trains to the end of the recipe and keeps what is made.
   * @returns The last event; `undefined` when the run was complete already.
   */
  train(options?: TrainOptions): Promise<EndEvent | undefined>;
  /**
   * Goes on by another recipe from the next step on, and keeps that in the record, so that a resumed run repeats it.
   * @returns What was exchanged, by path.
   */
  swap(recipe: ResolvedRecipe): Promise<readonly string[]>;
  /** Gives the folder back and frees every part. */
  close(): Promise<void>;
}

/** What a checkpoint must agree on; the rest may be swapped, and is in the record. */
function fixedPart({ seed, data, batchSize, generator, discriminator, conditioning }: ResolvedRecipe): Json {
  return JSON.parse(JSON.stringify({ seed, data, batchSize, generator, discriminator, conditioning }));
}

/** A callback that makes sure before each event that the folder still belongs to this process. */
function holding(lock: FolderLock): RunCallback {
  return { name: 'lock', onEvent: (event) => (event.type === 'error' ? undefined : lock.confirm()) };
}

/** The logs of a run that was killed before its first checkpoint begin anew, as the run does. */
function fromTheStart(logs: readonly JsonLines[], resumed: boolean): RunCallback {
  return {
    name: 'from-the-start',
    onEvent(event) {
      if (event.type !== 'start' || !resumed || event.step > 0) return;
      for (const log of logs) log.loadState({ values: { bytes: 0 } });
    },
  };
}

/** Plays the recipes that come after the first, each after its step. */
function playing(run: Run, later: readonly PlayedRecipe[]): RunCallback {
  const waiting = [...later];
  let failure: unknown;
  return {
    name: 'recipes',
    onEvent(event) {
      if (failure !== undefined) throw failure;
      if (event.type !== 'start' && event.type !== 'step') return;
      while (waiting.length > 0 && waiting[0]!.after <= event.step) {
        const { recipe } = waiting.shift()!;
        // It is exchanged when this event was told to everybody, so it cannot be waited for here.
        run.swap(recipe).catch((error: unknown) => {
          failure = error;
        });
      }
    },
  };
}

/** Makes the folder of a new run, or takes that of an old one, and locks it. */
async function claim({ path, record }: PlannedRun, { folder, onNote = () => {} }: OpenRunOptions) {
  const { data } = lastRecipe(record);
  const claimed = path ?? (folder === undefined ? await claimFreshRunFolder(data.name) : await claimRunFolder(folder));
  return { path: claimed, lock: await lockFolder(claimed, { activity: 'training', onWait: onNote }) };
}

/**
 * Puts a planned run together and takes its folder.
 * @throws GanKitError `incompatible` for parts that exclude each other, before anything is written; `conflict` or `file` when the folder
 *   cannot be had.
 */
export async function openRun(plan: PlannedRun, options: OpenRunOptions = {}): Promise<OpenRun> {
  const { source, recipes, communicator } = plan;
  const first = isFirst(communicator);
  checkSameEverywhere(communicator, { recipe: recipes, data: dataFacts(source), backend: plan.backend.backend });
  const { onNote = () => {}, onMeasure } = options;
  let checkpoints: Checkpoints | undefined;
  let measurements: JsonLines | undefined;
  const lastGood = () =>
    fromFirst(communicator, async () => {
      const checkpoint = await checkpoints?.latest();
      return checkpoint && partState(checkpoint.state, 'trainer');
    });
  const run = buildRun(recipes[0].recipe, source, {
    lastGood,
    communicator,
    onMeasure(step, measurement) {
      measurements?.write({ step, ...measurement });
      onMeasure?.(step, measurement);
    },
  });
  let claimed: Awaited<ReturnType<typeof claim>> | undefined;
  let path: string;
  try {
    claimed = first ? await claim(plan, options) : undefined;
    path = await fromFirst(communicator, () => claimed!.path);
  } catch (error) {
    run.dispose();
    throw error;
  }
  const folder = runFolder(path);
  let record: RunRecord = plan.record;
  if (first) {
    await writeRecord(folder, record);
    const { keep } = lastRecipe(record).checkpoints;
    checkpoints = await Checkpoints.open({
      folder: folder.checkpoints,
      configuration: fixedPart(run.recipe),
      keepLast: keep,
    });
  }
  const step = await fromFirst(communicator, async () => (await checkpoints!.steps()).at(-1) ?? 0);
  const resumed = plan.path !== undefined;

  /** What every process does: it begins where rank 0 begins, and plays the same recipes. */
  const together = [
    ...(communicator === undefined ? [] : [startTogether(communicator)]),
    playing(run, recipes.slice(1)),
  ];

  async function callbacksOf(extra: readonly TrainingCallback[]): Promise<readonly TrainingCallback[]> {
    if (claimed === undefined) return [...together, ...extra];
    const log = await jsonLines(folder.metrics, { resume: resumed });
    if (run.recipe.metrics.length > 0) {
      measurements = await jsonLines(folder.measurements, { resume: resumed, events: [] });
    }
    const logs = measurements === undefined ? [log] : [log, measurements];
    const results = keepResults(folder, run, source);
    const { every } = lastRecipe(record).pictures;
    const { draw } = results;
    const board = record.tensorBoard
      ? await tensorBoard({
          folder: folder.tensorBoard,
          images: draw === undefined ? {} : { samples: async () => pngPicture(await draw()) },
          imagesEvery: every,
          histograms: [run.generator],
          histogramsEvery: every,
        })
      : undefined;
    return [
      holding(claimed.lock),
      fromTheStart(logs, resumed),
      log,
      ...extra,
      ...run.callbacks,
      ...(measurements === undefined ? [] : [measurements]),
      results,
      ...(run.recipe.best === undefined ? [] : [bestGenerator(folder, run, results)]),
      ...(board === undefined ? [] : [board]),
      checkpointEvery({
        checkpoints: checkpoints!,
        every: () => run.recipe.checkpoints.every,
        onResume: ({ passedOver }) => {
          for (const { reason } of passedOver) onNote(`Note: ${reason}`);
        },
      }),
      ...together,
    ];
  }

  const batches = timedBatches(run.batches);
  return {
    run,
    source,
    folder,
    step,
    get waitedForData() {
      return batches.waited;
    },
    async train({ signal, callbacks = [] } = {}) {
      const { steps } = lastRecipe(record).stopping;
      if (step >= steps) return undefined;
      try {
        return await run.trainer.train(batches, { until: steps, signal, callbacks: await callbacksOf(callbacks) });
      } catch (error) {
        if (!GanKitError.isInstance(error)) throw error;
        throw new GanKitError(error.code, `${error.message} What was made until then is in ${folder.path}.`, {
          cause: error,
        });
      }
    },
    async swap(recipe) {
      return run.swap(recipe, async (after) => {
        const before = record.recipes.filter((played, index) => index === 0 || played.after < after);
        record = { ...record, recipes: [...before, { after, recipe }] as unknown as RunRecord['recipes'] };
        if (first) await writeRecord(folder, record);
      });
    },
    async close() {
      run.dispose();
      await claimed?.lock.release();
    },
  };
}
