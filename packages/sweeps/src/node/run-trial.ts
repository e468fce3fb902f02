// One trial, from wherever it stands: nothing when it is done, resumed when it was begun, started otherwise. Engines only decide who calls it.
import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { type EndEvent, GanKitError, type TrainingCallback } from '@gankit/core';
import { changesOf, checkSwappable, type Measurement, type Recipe, type ResolvedRecipe } from '@gankit/recipes';
import {
  type DataSets,
  type OpenRun,
  openRun,
  planResumedRun,
  planRun,
  resolveForData,
  runFolder,
} from '@gankit/recipes/node';
import { type Numbers, type Outcome, rungNumbers, runOfTrial } from '../outcome.ts';
import { type Trial, trialAt } from '../trial.ts';
import { outcomePath, readOutcome, readOutcomes, writeOutcome } from './outcome-file.ts';
import { runFolderOf, type SweepFile } from './sweep-file.ts';

/** What became of a trial. Plain JSON. */
export interface TrialResult {
  readonly index: number;
  /**
   * - `done`: it is over, now or since long.
   * - `failed`: it cannot be trained, and trying again does not help: numbers that became NaN, parts that exclude each other.
   * - `stopped`: the signal said so; what was made is saved.
   * - `busy`: another process trains it.
   * - `waiting`: the rung before is not through yet.
   * - `unavailable`: a file or a backend could not be had here and now.
   */
  readonly state: 'done' | 'failed' | 'stopped' | 'busy' | 'waiting' | 'unavailable';
  /** Whether calling it again later, or elsewhere, may end otherwise. */
  readonly retry: boolean;
  /** What happened, in one sentence. */
  readonly message: string;
  /** The folder of its run; absent while it is not known which run it goes on with. */
  readonly folder?: string | undefined;
  readonly outcome?: Outcome | undefined;
}

export interface RunTrialOptions {
  /** Ends the trial after the step that is being made; it goes on from there when it is called again. */
  readonly signal?: AbortSignal | undefined;
  /** The backend, over that of the sweep. */
  readonly backend?: string | undefined;
  /** Data sets by name; every one that Node can open when absent. */
  readonly data?: DataSets | undefined;
  /** Whether a trial that failed before is begun anew; it stays failed when absent. */
  readonly retryFailed?: boolean | undefined;
  /** What is done with each event, such as a progress bar. */
  readonly callbacks?: readonly TrainingCallback[] | undefined;
  /** Told what whoever looks on should know, a sentence each. */
  readonly onNote?: ((sentence: string) => void) | undefined;
}

/** A trial and the run that it is about. */
interface TrialRun {
  readonly file: SweepFile;
  readonly trial: Trial;
  readonly run: number;
  readonly recipe: Recipe;
  /** Where it pauses; absent where it is trained to its end. */
  readonly pauseAt?: number | undefined;
}

async function runOf(file: SweepFile, trial: Trial): Promise<TrialRun | undefined> {
  const { plan } = file;
  const run = runOfTrial(plan, trial, trial.rung === 0 ? new Map() : await readOutcomes(file));
  if (run === undefined) return undefined;
  const { recipe } = plan.configurations[run % plan.configurations.length]!;
  return { file, trial, run, recipe: { ...recipe, seed: trial.seed }, pauseAt: plan.rungs[trial.rung]!.steps };
}

/** @throws GanKitError `incompatible` when the run in the folder was begun by another recipe: the sweep was changed since. */
function checkSameRecipe(before: ResolvedRecipe, wanted: ResolvedRecipe, folder: string, path: string): void {
  let differences: readonly string[];
  try {
    checkSwappable(before, wanted);
    differences = changesOf(before, wanted);
  } catch (error) {
    differences = (error as GanKitError).value as readonly string[];
  }
  if (differences.length === 0) return;
  throw new GanKitError(
    'incompatible',
    `The run in '${folder}' was begun by another recipe than '${path}' has now (${differences.join('; ')}); make a new sweep, or remove the run.`,
    { path: folder, value: differences },
  );
}

/** The last measurement that a run wrote down. */
async function lastMeasurement(path: string): Promise<Numbers> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const line = text.trimEnd().split('\n').at(-1) ?? '';
  if (line === '') return {};
  const { step: _, ...numbers } = JSON.parse(line, (__, inner) => (inner === null ? Number.NaN : inner)) as Numbers;
  return numbers;
}

interface Played {
  readonly end: EndEvent | undefined;
  readonly step: number;
  readonly measured: Measurement | undefined;
}

/** Trains to where the trial pauses, or to the end of the recipe. */
async function play(
  open: OpenRun,
  { pauseAt }: TrialRun,
  { signal, callbacks = [] }: RunTrialOptions,
): Promise<Played> {
  const pause = new AbortController();
  if (pauseAt !== undefined && open.step >= pauseAt) pause.abort();
  const pausing: TrainingCallback = (event) => {
    if (event.type === 'step' && pauseAt !== undefined && event.step >= pauseAt) pause.abort();
  };
  const signals = [pause.signal, ...(signal === undefined ? [] : [signal])];
  const end = await open.train({ signal: AbortSignal.any(signals), callbacks: [pausing, ...callbacks] });
  const paused = end?.reason === 'aborted' && end.step >= (pauseAt ?? Number.POSITIVE_INFINITY);
  // The run itself measures only where its recipe says so: a pause is none of its business.
  return { end, step: end?.step ?? open.step, measured: paused ? await open.run.measure() : undefined };
}

const endings: Readonly<Record<EndEvent['reason'], string>> = {
  completed: 'All steps were made.',
  exhausted: 'The data ended.',
  stopped: 'It ended early, as its recipe wants.',
  aborted: 'It was stopped.',
};

async function train(run: TrialRun, options: RunTrialOptions): Promise<TrialResult> {
  const { file, trial, recipe } = run;
  const { data, onNote = () => {} } = options;
  const folder = runFolderOf(file, run.run);
  const backend = options.backend ?? file.plan.sweep.backend;
  const plan = existsSync(runFolder(folder).record)
    ? await planResumedRun(folder, {
        backend,
        data,
        change(before, source) {
          checkSameRecipe(before, resolveForData(recipe, source, data), folder, file.path);
          return before;
        },
      })
    : await planRun(recipe, { backend, data });
  for (const note of plan.notes) onNote(note);
  let measured: Numbers | undefined;
  const open = await openRun(plan, {
    folder,
    onNote,
    onMeasure: (_, measurement) => {
      measured = measurement;
    },
  });
  const result = (state: TrialResult['state'], message: string, outcome?: Outcome): TrialResult => ({
    index: trial.index,
    state,
    retry: state === 'stopped',
    message,
    folder,
    outcome,
  });
  try {
    // Another process may have ended it while this one opened the data.
    const before = await readOutcome(file, run.run);
    const known = settled(run, before);
    if (known !== undefined) return known;
    const rungs = before?.rungs ?? [];
    let played: Played;
    try {
      played = await play(open, run, options);
    } catch (error) {
      if (isPassing(error)) throw error;
      const { message } = error as Error;
      const outcome: Outcome = { state: 'failed', step: open.run.trainer.step, reason: message, numbers: {}, rungs };
      await writeOutcome(file, run.run, outcome);
      return result('failed', message, outcome);
    }
    const { end, step } = played;
    if (played.measured !== undefined) {
      const numbers = played.measured;
      const outcome: Outcome = {
        state: 'paused',
        step,
        reason: `Paused after ${step} steps.`,
        numbers,
        rungs: [...rungs, { step, numbers }],
      };
      await writeOutcome(file, run.run, outcome);
      return result('done', outcome.reason, outcome);
    }
    if (end?.reason === 'aborted') return result('stopped', `Stopped after ${step} steps; what was made is saved.`);
    const numbers = measured ?? (await lastMeasurement(open.folder.measurements));
    const outcome: Outcome = { state: 'done', step, reason: endings[end?.reason ?? 'completed'], numbers, rungs };
    await writeOutcome(file, run.run, outcome);
    return result('done', outcome.reason, outcome);
  } finally {
    await open.close();
  }
}

/** What an outcome says of the trial; `undefined` when there is something left to do. */
function settled({ file, trial, run }: TrialRun, outcome: Outcome | undefined): TrialResult | undefined {
  if (outcome === undefined) return undefined;
  const folder = runFolderOf(file, run);
  const numbers = rungNumbers(file.plan, outcome, trial.rung);
  if (numbers === undefined) return undefined;
  const failed = numbers === 'failed';
  const message = failed ? outcome.reason : 'It was done before; nothing was left to do.';
  return { index: trial.index, state: failed ? 'failed' : 'done', retry: false, message, folder, outcome };
}

/** Whether an error is about here and now, and not about the trial. */
function isPassing(error: unknown): error is GanKitError {
  return GanKitError.isInstance(error) && ['file', 'conflict', 'backend'].includes(error.code);
}

/**
 * Does what is left to do of a trial: nothing when it is done, the rest when it was begun, all of it otherwise. It may be called any number of
 * times, by any number of processes and machines that see the folder: one at a time trains, the others are told that it is busy. A
 * process that is killed leaves a run that the next call resumes, to the same bytes.
 *
 * A failure that trying again does not mend is kept beside the run, so that nobody tries again unless asked (`retryFailed`).
 * @throws GanKitError `invalid-argument` for a number that the sweep does not have, `file` when a failure cannot be written down. All else is
 *   in the result.
 */
export async function runTrial(file: SweepFile, index: number, options: RunTrialOptions = {}): Promise<TrialResult> {
  const trial = trialAt(file.plan, index);
  let run: TrialRun | undefined;
  try {
    run = await runOf(file, trial);
    if (run === undefined) {
      const message = `Trial ${index} goes on with the best of the rung before, which is not through yet.`;
      return { index, state: 'waiting', retry: true, message };
    }
    let outcome = await readOutcome(file, run.run);
    if (options.retryFailed === true && outcome?.state === 'failed') {
      await rm(outcomePath(file, run.run));
      outcome = undefined;
    }
    return settled(run, outcome) ?? (await train(run, options));
  } catch (error) {
    const { message } = error as Error;
    const folder = run && runFolderOf(file, run.run);
    if (isPassing(error)) {
      return { index, state: error.code === 'conflict' ? 'busy' : 'unavailable', retry: true, message, folder };
    }
    if (run === undefined) return { index, state: 'failed', retry: false, message };
    const outcome: Outcome = { state: 'failed', step: 0, reason: message, numbers: {}, rungs: [] };
    // A run that another recipe began is not this trial's, and its outcome is not either.
    if (existsSync(runFolder(folder!).record)) return { index, state: 'failed', retry: false, message, folder };
    await writeOutcome(file, run.run, outcome);
    return { index, state: 'failed', retry: false, message, folder, outcome };
  }
}
