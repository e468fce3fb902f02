// From the flags of `gankit train` to a recipe: each is a path in it.
import { GanKitError } from '@gankit/core';
import type { NamedPart } from '@gankit/core/registry';
import { losses, penalties } from '@gankit/losses/registry';
import { generators } from '@gankit/models/registry';
import { type DataFacts, joinRecipes, type Recipe, suitedDiscriminator, suitedGenerator } from '@gankit/recipes';
import { negatives, schedules, stabilizers } from '@gankit/trainer/registry';
import { partFromText, setAtPath } from './part-text.ts';

/** The flags that say what is trained; absent where the command line says nothing. */
export interface RecipeFlags {
  /** The name of a data set, or the one that opens what lies at a path. */
  readonly data?: string | NamedPart | undefined;
  readonly dataFolder?: string | undefined;
  readonly model?: string | undefined;
  /** `false`: nothing is told, though the data have classes. */
  readonly conditional?: string | false | undefined;
  readonly loss?: string | undefined;
  readonly penalty?: readonly string[] | undefined;
  readonly clipWeights?: number | undefined;
  readonly steps?: number | undefined;
  readonly batchSize?: number | undefined;
  readonly learningRate?: number | undefined;
  readonly discriminatorLearningRate?: number | undefined;
  readonly learningRateDecay?: number | undefined;
  readonly clipGradients?: number | undefined;
  readonly latentSize?: number | undefined;
  readonly width?: number | undefined;
  readonly schedule?: string | undefined;
  readonly discriminatorSteps?: number | undefined;
  readonly negatives?: string | undefined;
  readonly instanceNoise?: number | undefined;
  readonly augment?: string | undefined;
  readonly average?: number | undefined;
  readonly onDivergence?: 'rollback' | 'stop' | undefined;
  readonly sampleEvery?: number | undefined;
  readonly checkpointEvery?: number | undefined;
  readonly seed?: number | undefined;
  readonly set?: readonly string[] | undefined;
}

type Parts = Readonly<Record<string, unknown>>;

/** An object without the members that are `undefined`, or nothing when none is left. */
function present(values: Parts): Parts | undefined {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** Whether a text is a path or an address: names of data sets have neither slashes nor dots. */
export function isPath(data: string): boolean {
  return /[\\/.]/.test(data);
}

function namedData({ data, dataFolder }: RecipeFlags): Parts {
  if (typeof data !== 'object') return { name: data, folder: dataFolder };
  if (dataFolder === undefined) return data;
  throw new GanKitError(
    'invalid-argument',
    `--data '${String(data['path'] ?? data['folder'])}' is a path already; leave --data-folder away, or name a data set.`,
    { value: data },
  );
}

/** The data that flags name over those of a recipe: what must be open before the rest has a meaning. */
export function dataOf(flags: RecipeFlags, base: Recipe): Recipe['data'] {
  const { data, set = [] } = flags;
  const before = base.data ?? (data === undefined ? { name: 'mnist' } : undefined);
  const joined = { data: joinRecipes(before, present(namedData(flags)) ?? before) };
  for (const text of set.filter((each) => /^data[.=[]/.test(each))) setAtPath(joined, text);
  return joined.data as Recipe['data'];
}

/** The networks that flags change: their names must be known, because options of one mean nothing to another. */
function playersOf({ model, width, latentSize }: RecipeFlags, base: Recipe, facts: DataFacts): Parts {
  if (model !== undefined) generators.entry(model);
  if (model === undefined && width === undefined && latentSize === undefined) return {};
  const generator = model ?? base.generator?.name ?? suitedGenerator(facts);
  const sameModel = model === undefined ? base.discriminator?.name : undefined;
  const discriminator = sameModel ?? suitedDiscriminator(generator);
  const sized = (name: string) => {
    if (width === undefined) return {};
    return name === 'mlp' ? { hidden: [width, width] } : { width };
  };
  return {
    generator: { name: generator, ...present({ latentSize }), ...sized(generator) },
    discriminator: { name: discriminator, ...sized(discriminator) },
  };
}

function optimizersOf(flags: RecipeFlags, base: Recipe): Parts | undefined {
  const { learningRate, discriminatorLearningRate, learningRateDecay, clipGradients } = flags;
  const both = {
    learningRate,
    clipNorm: clipGradients,
    rate: learningRateDecay === undefined ? undefined : { name: 'linear', hold: learningRateDecay },
  };
  const optimizer = (player: 'generator' | 'discriminator', own: Parts) => {
    const changes = present({ ...both, ...own });
    return changes && { name: base.optimizers?.[player]?.name ?? 'adam', ...changes };
  };
  return present({
    generator: optimizer('generator', {}),
    discriminator: optimizer(
      'discriminator',
      discriminatorLearningRate === undefined ? {} : { learningRate: discriminatorLearningRate },
    ),
  });
}

/** What flags put around the game, in the order in which it is put there; other stabilisers of the recipe stay. */
function stabilizersOf(
  { instanceNoise, augment, average }: RecipeFlags,
  base: Recipe,
): readonly NamedPart[] | undefined {
  const asked: NamedPart[] = [];
  if (instanceNoise !== undefined) asked.push({ name: 'instance-noise', from: instanceNoise });
  if (augment !== undefined) asked.push(augmentation(augment));
  if (average !== undefined) asked.push({ name: 'average', halfLife: average });
  if (asked.length === 0) return undefined;
  const before: readonly NamedPart[] = (base.stabilizers as readonly NamedPart[] | undefined) ?? [{ name: 'monitor' }];
  const replaced = new Set(asked.map(({ name }) => name));
  return [...asked, ...before.filter(({ name }) => !replaced.has(name))];
}

/** `diff`, `adaptive` and their options: `adaptive:target=0.5`. */
function augmentation(text: string): NamedPart {
  const [, name = text, options = ''] = /^([^:]*)(:.*)?$/.exec(text) ?? [];
  const full = { diff: 'diff-augment', adaptive: 'adaptive-augment' }[name];
  if (full === undefined) {
    throw new GanKitError('unknown-name', `There is no augmentation named '${name}'; choose one of: diff, adaptive`, {
      value: name,
    });
  }
  return partFromText('--augment', stabilizers, full + options);
}

/**
 * The recipe that flags ask for.
 * @param base The recipe that they are over. @param facts Of the data, which are open already.
 * @throws GanKitError `invalid-argument` for flags that exclude each other or a text that is no part, `unknown-name`.
 */
export function recipeOf(flags: RecipeFlags, base: Recipe, facts: DataFacts): unknown {
  if (flags.schedule !== undefined && flags.discriminatorSteps !== undefined) {
    throw new GanKitError(
      'invalid-argument',
      '--discriminator-steps and --schedule exclude each other; write --schedule fixed:discriminatorUpdates=N.',
    );
  }
  const { discriminatorSteps, loss, schedule, penalty, clipWeights, conditional } = flags;
  const top = present({
    ...playersOf(flags, base, facts),
    data: dataOf(flags, base),
    batchSize: flags.batchSize,
    seed: flags.seed,
    conditioning: conditional === undefined ? undefined : conditional === false ? [] : [{ name: conditional }],
    loss: loss === undefined ? undefined : partFromText('--loss', losses, loss),
    penalties: penalty?.map((text) => partFromText('--penalty', penalties, text)),
    constraints: clipWeights === undefined ? undefined : [{ name: 'clip-weights', limit: clipWeights }],
    optimizers: optimizersOf(flags, base),
    schedule:
      schedule === undefined
        ? discriminatorSteps && { name: 'fixed', discriminatorUpdates: discriminatorSteps }
        : partFromText('--schedule', schedules, schedule),
    negatives: flags.negatives === undefined ? undefined : partFromText('--negatives', negatives, flags.negatives),
    stabilizers: stabilizersOf(flags, base),
    stopping: present({ steps: flags.steps, divergence: flags.onDivergence }),
    pictures: present({ every: flags.sampleEvery }),
    checkpoints: present({ every: flags.checkpointEvery }),
  });
  const joined = structuredClone(joinRecipes(base, top)) as object;
  for (const text of flags.set ?? []) setAtPath(joined, text);
  return joined;
}
