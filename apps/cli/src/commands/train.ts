// `gankit train`: a recipe from flags, files and names, trained in a folder of its own.
import { type Communicator, GanKitError, type TrainingCallback } from '@gankit/core';
import { dataSets, recogniseData } from '@gankit/data/node';
import {
  canBeShown,
  dataFacts,
  type Measurement,
  type Recipe,
  type ResolvedRecipe,
  readRecipe,
  resolveRecipe,
} from '@gankit/recipes';
import { loadRecipe, openData, openRun, type PlannedRun, planResumedRun, planRun } from '@gankit/recipes/node';
import { writeReport } from '@gankit/report/node';
import { abortOnInterrupt } from '../interrupt.ts';
import { previewGraphics, previewOf, samplePreview } from '../preview.ts';
import { progressDisplay } from '../progress.ts';
import { joinRanks } from '../ranks.ts';
import { dataOf, isPath, type RecipeFlags, recipeOf } from '../recipe-flags.ts';
import { exitCodes } from '../report-error.ts';
import { say, writeJson } from '../say.ts';

/** The options of `gankit train`. */
export interface TrainFlags extends RecipeFlags {
  readonly recipe?: string | undefined;
  readonly out?: string | undefined;
  readonly resume?: string | undefined;
  readonly tensorboard?: boolean | undefined;
  readonly backend?: string | undefined;
  readonly ranks?: number | undefined;
  readonly preview?: boolean | undefined;
  readonly json?: boolean | undefined;
  readonly jsonl?: boolean | undefined;
}

/** What samples are called. */
const units = { images: 'images', points: 'points', table: 'rows', sequence: 'series' } as const;

function describe({ source, backend, path }: PlannedRun, recipe: ResolvedRecipe, folder: string): string {
  const shape = source.shape.join(' x ');
  const samples = units[source.kind];
  const data =
    source.size === undefined
      ? 'points of the plane, drawn without end'
      : `${source.size.toLocaleString('en')} ${samples} of ${shape}`;
  const told = recipe.conditioning.map(({ name }) => `, ${name}`).join('');
  const penalties = recipe.penalties.map(({ name }) => ` + ${name}`).join('');
  const verb = path === undefined ? 'Training' : 'Resuming';
  return `${verb} ${recipe.generator.name}${told} on ${source.name} (${data}) with the ${recipe.loss.name} loss${penalties}, backend ${backend.backend}, seed ${recipe.seed}, into ${folder}`;
}

/** The flags, with the data set that opens a path in the place of the path. */
async function withRecognisedData(flags: TrainFlags): Promise<TrainFlags> {
  const { data } = flags;
  return typeof data === 'string' && isPath(data) ? { ...flags, data: await recogniseData(data) } : flags;
}

function spreadOver({ size }: Communicator, { batchSize }: ResolvedRecipe): string {
  return `Each of the ${size} processes trains on ${batchSize / size} of the ${batchSize} samples of every batch.`;
}

async function planNew(flags: TrainFlags, communicator: Communicator | undefined): Promise<PlannedRun> {
  const base: Recipe = flags.recipe === undefined ? {} : await loadRecipe(flags.recipe, { data: dataSets });
  const data = dataOf(flags, base);
  await readRecipe({ data }, { place: 'the data', data: dataSets });
  const source = await openData({ data });
  const recipe = await readRecipe(recipeOf(flags, base, dataFacts(source)), { place: 'the recipe', data: dataSets });
  return planRun(recipe, {
    backend: flags.backend,
    tensorBoard: flags.tensorboard,
    communicator,
    // It is open already.
    data: { schema: dataSets.schema, create: async () => source },
  });
}

async function planResumed(
  path: string,
  flags: TrainFlags,
  communicator: Communicator | undefined,
): Promise<PlannedRun> {
  if (flags.out !== undefined) {
    throw new GanKitError('invalid-argument', '--resume goes on in the folder of the run; leave --out away.');
  }
  return planResumedRun(path, {
    backend: flags.backend,
    communicator,
    async change(before, source) {
      const facts = dataFacts(source);
      const base = flags.recipe === undefined ? before : joinRecipe(before, await loadRecipe(flags.recipe));
      const recipe = await readRecipe(recipeOf(flags, base as unknown as Recipe, facts), { place: 'the recipe' });
      return resolveRecipe(recipe, facts);
    },
  });
}

/** A recipe to go on by: what it is silent about stays as it was. */
function joinRecipe(before: ResolvedRecipe, next: Recipe): unknown {
  return { ...before, ...next };
}

/** `mode-coverage: modesFound 8, highQualityShare 0.61`. */
function numbersOf(measurement: Measurement): string {
  return Object.entries(measurement)
    .map(([name, value]) => `${name} ${Number(value.toPrecision(3))}`)
    .join(', ');
}

/** Every event as a line on stdout. */
const eventLines: TrainingCallback = {
  name: 'event-lines',
  onEvent(event) {
    process.stdout.write(`${JSON.stringify(event)}\n`);
  },
};

/** The report of the run. One that cannot be written is said, and is no failure of the run. */
async function report(run: string): Promise<void> {
  try {
    say(`Report: ${await writeReport(run)}`);
  } catch (error) {
    if (!GanKitError.isInstance(error)) throw error;
    say(`There is no report: ${error.message}`);
  }
}

/**
 * @returns The exit code: 0, or 130 or 143 when the run was interrupted.
 */
export async function train(given: TrainFlags): Promise<number> {
  const flags = await withRecognisedData(given);
  const ranks = await joinRanks(flags.ranks);
  if (typeof ranks === 'number') return ranks;
  const code = await trainHere(flags, ranks);
  ranks?.finish();
  return code;
}

/** Trains in this process, alone or as one of several. One alone, and the first of several, say what happens. */
async function trainHere(flags: TrainFlags, communicator: Communicator | undefined): Promise<number> {
  const first = communicator === undefined || communicator.rank === 0;
  const tell = (sentence: string) => {
    if (first) say(sentence);
  };
  const plan =
    flags.resume === undefined
      ? await planNew(flags, communicator)
      : await planResumed(flags.resume, flags, communicator);
  let measured: Measurement | undefined;
  const open = await openRun(plan, {
    folder: flags.out,
    onNote: tell,
    onMeasure: (_, measurement) => {
      measured = measurement;
    },
  });
  const { folder, run } = open;
  const { steps } = plan.recipes.at(-1)!.recipe.stopping;
  const interrupt = abortOnInterrupt(tell);
  try {
    tell(describe(plan, run.recipe, folder.path));
    if (communicator !== undefined && communicator.size > 1) tell(spreadOver(communicator, run.recipe));
    for (const note of plan.notes) tell(note);
    if (plan.path !== undefined) {
      tell(
        open.step > 0
          ? `Goes on from the checkpoint of step ${open.step}.`
          : 'The run has no checkpoint of a step yet; it starts from step 0.',
      );
    }
    const display = progressDisplay({ total: steps, unit: units[plan.source.kind], waited: () => open.waitedForData });
    const graphics = first ? previewGraphics(flags.preview) : undefined;
    const { every } = run.recipe.pictures;
    const { write } = display;
    const preview = graphics && samplePreview({ graphics, path: folder.latestSamples, steps, every, write });
    const end = await open.train({
      signal: interrupt.signal,
      callbacks: first
        ? [...(flags.jsonl ? [eventLines] : []), ...(preview === undefined ? [] : [preview]), display]
        : [],
    });
    if (end === undefined) {
      if (first && flags.json) writeJson({ run: folder.path, type: 'end', step: open.step, reason: 'completed' });
      tell(
        `The run in ${folder.path} is complete: ${open.step} steps. Go on beyond them with --steps and a larger number.`,
      );
      return exitCodes.success;
    }
    if (first && flags.json) writeJson({ run: folder.path, ...end, measured, samples: folder.latestSamples });
    const last = graphics && (await previewOf(folder.latestSamples, graphics));
    if (last !== undefined) write(last);
    if (end.reason === 'aborted') {
      tell(`Go on with: gankit train --resume ${folder.path}`);
      return interrupt.exitCode;
    }
    if (measured !== undefined) tell(`Measured: ${numbersOf(measured)}`);
    tell(
      canBeShown(plan.source)
        ? `Samples: ${folder.latestSamples}. More of them: gankit sample ${folder.path} --out more.png`
        : `Samples of it: gankit sample ${folder.path} --out samples.${plan.source.kind === 'images' ? 'npy' : 'csv'}`,
    );
    return exitCodes.success;
  } finally {
    interrupt.release();
    await open.close();
    // The folder is given back: whoever reads it is not told that it is being trained.
    if (first && open.step < steps) await report(folder.path);
  }
}
