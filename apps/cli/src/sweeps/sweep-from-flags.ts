// From flags to a sweep: those with one value make the base, those with several are variables.
import { GanKitError } from '@gankit/core';
import type { NamedPart } from '@gankit/core/registry';
import { dataSets, recogniseData } from '@gankit/data/node';
import { losses, penalties } from '@gankit/losses/registry';
import { metrics } from '@gankit/metrics/registry';
import { generators } from '@gankit/models/registry';
import {
  type DataFacts,
  dataFacts,
  type Recipe,
  type ResolvedRecipe,
  readRecipe,
  suitedDiscriminator,
} from '@gankit/recipes';
import { loadRecipe, openData, resolveForData } from '@gankit/recipes/node';
import type { WrittenSweep } from '@gankit/sweeps';
import { partFromText } from '../part-text.ts';
import { dataOf, isPath, type RecipeFlags, recipeOf } from '../recipe-flags.ts';
import { joinedTexts, numbersOf, partTexts, rangeOf, seedsOf, valuesOf } from './lists.ts';

/** The flags of a sweep; absent where the command line says nothing. */
export interface SweepFlags
  extends Pick<RecipeFlags, 'data' | 'dataFolder' | 'conditional' | 'penalty' | 'average' | 'steps' | 'set'> {
  readonly recipe?: string | undefined;
  readonly model?: string | undefined;
  readonly loss?: string | undefined;
  readonly learningRate?: string | undefined;
  readonly batchSize?: string | undefined;
  readonly width?: string | undefined;
  readonly latentSize?: string | undefined;
  readonly discriminatorSteps?: string | undefined;
  readonly vary?: readonly string[] | undefined;
  readonly seeds?: string | undefined;
  readonly metric?: readonly string[] | undefined;
  readonly goal?: string | undefined;
  readonly random?: number | undefined;
  readonly searchSeed?: number | undefined;
  readonly halving?: string | undefined;
  readonly backend?: string | undefined;
  readonly threads?: number | undefined;
}

type Variable = NonNullable<WrittenSweep['vary']>[number];
type Choice = { readonly label: string; readonly recipe: Readonly<Record<string, unknown>> };

const both = (rest: string) => [`generator.${rest}`, `discriminator.${rest}`];

/** Loss and penalties of `wasserstein+gradient-penalty`. */
function lossChoice(text: string): Choice {
  const [loss, ...added] = joinedTexts(text);
  return {
    label: text,
    recipe: {
      loss: partFromText('--loss', losses, loss),
      ...(added.length === 0 ? {} : { penalties: added.map((penalty) => partFromText('--loss', penalties, penalty)) }),
    },
  };
}

function modelChoice(name: string): Choice {
  generators.entry(name);
  return { label: name, recipe: { generator: { name }, discriminator: { name: suitedDiscriminator(name) } } };
}

/** Numbers of a flag: the only one, or several that vary. */
interface Numbers {
  readonly one?: number | undefined;
  readonly many?: readonly number[] | undefined;
}

function numbers(option: string, text: string | undefined, rule: { minimum?: number; whole?: boolean }): Numbers {
  if (text === undefined) return {};
  const list = numbersOf(option, text, rule);
  return list.length === 1 ? { one: list[0] } : { many: list };
}

/** The variable of `--vary path=values`. */
function variedPath(text: string): Variable {
  const equals = text.indexOf('=');
  const [path, values] = [text.slice(0, Math.max(0, equals)).trim(), text.slice(equals + 1)];
  if (path === '' || values === '') {
    throw new GanKitError(
      'invalid-argument',
      `--vary takes PATH=VALUE,VALUE or PATH=FROM..TO, such as penalties[0].gamma=0.1,1,10; not '${text}'.`,
      { value: text },
    );
  }
  const range = rangeOf(values);
  if (range === undefined) return { name: path, paths: [path], values: [...valuesOf(values)] };
  const whole = Number.isInteger(range.from) && Number.isInteger(range.to);
  return { name: path, paths: [path], ...range, ...(whole ? { whole } : {}) };
}

/** The number of a metric that trials are ranked by, and which way it gets better. */
const goals: Readonly<Record<string, NonNullable<WrittenSweep['goal']>>> = {
  'mode-coverage': { metric: 'mode-coverage.modesFound', better: 'higher' },
  fid: { metric: 'fid.distance', better: 'lower' },
  'fid-infinity': { metric: 'fid-infinity.distance', better: 'lower' },
  kid: { metric: 'kid.distance', better: 'lower' },
  'inception-score': { metric: 'inception-score.score', better: 'higher' },
  'sliced-wasserstein': { metric: 'sliced-wasserstein.distance', better: 'lower' },
  energy: { metric: 'energy.distance', better: 'lower' },
  prd: { metric: 'prd.f8', better: 'higher' },
};

/** What ranks the trials: what the flag says, or what the first metric of the recipe is known for. */
function goalOf(text: string | undefined, { metrics: measured }: ResolvedRecipe): WrittenSweep['goal'] {
  if (text === undefined) return measured.map(({ name }) => goals[name]).find((goal) => goal !== undefined);
  const [, metric = text, better] = /^(.*?)(?::(lower|higher))?$/.exec(text) ?? [];
  const known = Object.values(goals).find((goal) => goal.metric === metric)?.better;
  return { metric, better: (better ?? known ?? 'lower') as 'lower' | 'higher' };
}

/** The metric of trials whose recipe names none: without one there would be nothing to compare. */
function suitedMetric({ kind, hasModes }: DataFacts): { readonly name: string } | undefined {
  if (hasModes) return undefined;
  return { name: kind === 'images' ? 'fid' : 'energy' };
}

function halvingOf(text: string): WrittenSweep['halving'] {
  const [, first, factor] = /^(\d+)(?::(\d+))?$/.exec(text) ?? [];
  if (first === undefined) {
    throw new GanKitError('invalid-argument', `--halving takes FIRST or FIRST:FACTOR, such as 200:3, not '${text}'.`, {
      value: text,
    });
  }
  return { first: Number(first), ...(factor === undefined ? {} : { factor: Number(factor) }) };
}

/** The recipe with the metrics that the flags name, or one that suits the data where nobody names any. */
function measuring(recipe: Recipe, asked: readonly NamedPart[], facts: DataFacts): Recipe {
  const suited = recipe.metrics === undefined ? suitedMetric(facts) : undefined;
  const wanted = asked.length > 0 ? asked : suited && [suited];
  return wanted === undefined ? recipe : ({ ...recipe, metrics: wanted } as Recipe);
}

/**
 * The sweep that flags ask for. Its base is resolved: nothing in it is left to what a later version takes for granted.
 * @throws GanKitError `invalid-argument` and `unknown-name` for flags that say nothing that can be trained; whatever the data set refuses.
 */
export async function sweepFromFlags(flags: SweepFlags): Promise<WrittenSweep> {
  const lossTexts = flags.loss === undefined ? [] : partTexts(flags.loss);
  const models = flags.model?.split(',') ?? [];
  const learningRate = numbers('--learning-rate', flags.learningRate, {});
  const batchSize = numbers('--batch-size', flags.batchSize, { minimum: 1, whole: true });
  const width = numbers('--width', flags.width, { minimum: 1, whole: true });
  const latentSize = numbers('--latent-size', flags.latentSize, { minimum: 1, whole: true });
  const updates = numbers('--discriminator-steps', flags.discriminatorSteps, { minimum: 1, whole: true });
  // Checked before data are opened, which may take a while.
  const lossChoices = lossTexts.map(lossChoice);
  const modelChoices = models.map(modelChoice);
  const measured = (flags.metric ?? []).map((text) => partFromText('--metric', metrics, text));
  const varied = (flags.vary ?? []).map(variedPath);
  const seeds = seedsOf(flags.seeds ?? '1');
  const halving = flags.halving === undefined ? undefined : halvingOf(flags.halving);

  const named: Recipe = flags.recipe === undefined ? {} : await loadRecipe(flags.recipe, { data: dataSets });
  const fixed: RecipeFlags = {
    // What lies at a path is recognised, as `gankit train` does.
    data: typeof flags.data === 'string' && isPath(flags.data) ? await recogniseData(flags.data) : flags.data,
    dataFolder: flags.dataFolder,
    conditional: flags.conditional,
    penalty: flags.penalty,
    average: flags.average,
    steps: flags.steps,
    set: flags.set,
    // A loss that brings its penalties is a choice also where it is the only one.
    loss: lossTexts.length === 1 && joinedTexts(lossTexts[0]!).length === 1 ? lossTexts[0] : undefined,
    model: models.length === 1 ? models[0] : undefined,
    learningRate: learningRate.one,
    batchSize: batchSize.one,
    width: width.one,
    latentSize: latentSize.one,
    discriminatorSteps: updates.one,
  };
  const data = dataOf(fixed, named);
  await readRecipe({ data }, { place: 'the data', data: dataSets });
  const source = await openData({ data });
  const facts = dataFacts(source);
  const recipe = await readRecipe(recipeOf(fixed, named, facts), { place: 'the recipe', data: dataSets });
  const resolved = resolveForData(measuring(recipe, measured, facts), source);
  const { seed: _, ...rest } = resolved;
  // What ranks trials is measured at their end; more often only where the recipe says so, or stops by it.
  const { early, steps } = resolved.stopping;
  const base = { ...rest, measureEvery: recipe.measureEvery ?? (early === undefined ? steps : resolved.measureEvery) };
  const hidden = resolved.generator.name === 'mlp';
  const byValues = (name: string, paths: readonly string[], values: readonly unknown[] | undefined): Variable[] =>
    values === undefined ? [] : [{ name, paths: [...paths], values: [...values] }];
  const byChoices = (name: string, choices: readonly Choice[]): Variable[] => [{ name, choices: [...choices] }];
  const vary: Variable[] = [
    ...(models.length > 1 ? byChoices('model', modelChoices) : []),
    ...(lossTexts.length > 0 && fixed.loss === undefined ? byChoices('loss', lossChoices) : []),
    ...byValues(
      'learning rate',
      both('learningRate').map((path) => `optimizers.${path}`),
      learningRate.many,
    ),
    ...byValues('batch size', ['batchSize'], batchSize.many),
    ...byValues('width', both(hidden ? 'hidden' : 'width'), hidden ? width.many?.map((n) => [n, n]) : width.many),
    ...byValues('latent size', ['generator.latentSize'], latentSize.many),
    ...byValues(
      'updates of D',
      ['schedule'],
      updates.many?.map((n) => ({ name: 'fixed', discriminatorUpdates: n })),
    ),
    ...varied,
  ];
  const { random, searchSeed } = flags;
  if (random === undefined && searchSeed !== undefined) {
    throw new GanKitError(
      'invalid-argument',
      '--search-seed is of use with --random alone; leave it out, or add that.',
    );
  }
  return {
    format: 'gankit-sweep',
    version: 1,
    base: base as Readonly<Record<string, unknown>>,
    vary,
    search: random === undefined ? { name: 'grid' } : { name: 'random', configurations: random, seed: searchSeed ?? 1 },
    halving,
    seeds: [...seeds],
    goal: goalOf(flags.goal, resolved),
    backend: flags.backend,
    threads: flags.threads ?? 1,
  };
}
