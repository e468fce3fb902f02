// From what a recipe says to everything that a run does: nothing is left to defaults that a later version might change.
import { GanKitError } from '@gankit/core';
import { checkedValue, members, type NamedPart, type OptionEntries } from '@gankit/core/registry';
import { optimizers } from '@gankit/engine/registry';
import { metrics } from '@gankit/metrics/registry';
import { discriminators, generators } from '@gankit/models/registry';
import type { DataFacts } from './facts.ts';
import { type Recipe, recipeSchema } from './recipe.ts';
import { suitedConditioning, suitedDiscriminator, suitedGenerator, suitedTo } from './suited.ts';

/** A recipe that says everything. Plain JSON: resolved again, it is the same, and it repeats the run to the same bytes. */
export interface ResolvedRecipe {
  readonly version: 1;
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly source?: string | undefined;
  readonly seed: number;
  readonly data: NamedPart;
  readonly batchSize: number;
  readonly generator: NamedPart;
  readonly discriminator: NamedPart;
  readonly conditioning: readonly NamedPart[];
  readonly loss: NamedPart;
  readonly penalties: readonly NamedPart[];
  readonly constraints: readonly NamedPart[];
  readonly optimizers: { readonly generator: NamedPart; readonly discriminator: NamedPart };
  readonly schedule: NamedPart;
  readonly negatives: NamedPart;
  readonly stabilizers: readonly NamedPart[];
  readonly metrics: readonly NamedPart[];
  readonly measureEvery: number;
  readonly best?: { readonly metric: string; readonly better: 'lower' | 'higher' } | undefined;
  readonly stopping: {
    readonly steps: number;
    readonly early?: { readonly metric: string; readonly better: 'lower' | 'higher'; readonly patience: number };
    readonly divergence: 'rollback' | 'stop';
  };
  readonly pictures: { readonly every: number; readonly count?: number };
  readonly checkpoints: { readonly every: number; readonly keep: number };
  readonly watchEvery: number;
}

/** Pictures, measurements and checkpoints that a run makes when the recipe does not say how often. */
const oftenPerRun = 20;

/** The part with what suits it where it is silent. */
function filled(
  named: { entry(name: string): { readonly options: OptionEntries } },
  part: NamedPart,
  suited: Readonly<Record<string, unknown>>,
): NamedPart {
  const { options } = named.entry(part.name);
  const known = Object.fromEntries(Object.entries(suited).filter(([name]) => name in options));
  const { name, ...given } = { ...known, ...part };
  return { name, ...checkedValue(name, members(name, options), given) };
}

function checkTold({ name, classes, pairedShape }: DataFacts, generator: NamedPart, told: readonly NamedPart[]): void {
  const conditioned = told.find(({ name: part }) => part !== 'codes' && part !== 'images');
  if (conditioned !== undefined && classes === undefined) {
    throw new GanKitError(
      'incompatible',
      `The conditioning '${conditioned.name}' needs data with classes, and '${name}' has none; leave it out, or take other data.`,
      { value: conditioned.name },
    );
  }
  const images = told.some(({ name: part }) => part === 'images');
  if (images && pairedShape === undefined) {
    throw new GanKitError(
      'incompatible',
      `The conditioning 'images' needs pairs of images, and '${name}' has none; leave it out, or take other data.`,
    );
  }
  const { toldImages } = generators.entry(generator.name);
  if (toldImages === images) return;
  throw new GanKitError(
    'incompatible',
    toldImages
      ? `The generator '${generator.name}' turns one image into another; add the conditioning 'images', or take another generator.`
      : `The generator '${generator.name}' is told no image; take 'unet' with the conditioning 'images'.`,
    { value: generator.name },
  );
}

/** As JSON, without values that are `undefined`, in the order of the format: what is resolved again is the same to the last byte. */
function plain(recipe: object): ResolvedRecipe {
  const written: unknown = JSON.parse(JSON.stringify(recipe));
  return JSON.parse(JSON.stringify(checkedValue('recipe', recipeSchema(), written))) as ResolvedRecipe;
}

/**
 * Fills in everything that a recipe leaves open, by the architecture and the data.
 * @param written A recipe; what it leaves out is filled in.
 * @throws GanKitError `invalid-argument` with every fault of the recipe, or when it names no data; `incompatible` for a conditioning that the
 *   data do not have.
 */
export function resolveRecipe(written: Recipe, facts: DataFacts): ResolvedRecipe {
  const recipe = checkedValue('recipe', recipeSchema(), written);
  if (recipe.data === undefined) {
    throw new GanKitError('invalid-argument', "The recipe names no data; add data, such as { name: 'ring' }.");
  }
  const { $schema, extends: bases, ...rest } = recipe;
  // As they were written: what they leave out is what suits, before it is the part's own default.
  const generator: NamedPart = written.generator ?? { name: suitedGenerator(facts) };
  const suited = suitedTo(generator.name);
  const discriminator: NamedPart = written.discriminator ?? { name: suitedDiscriminator(generator.name) };
  const opponent = suitedTo(discriminator.name);
  const conditioning =
    recipe.conditioning ?? suitedConditioning(facts, { generator, discriminator, loss: recipe.loss });
  checkTold(facts, generator, conditioning);
  const steps = recipe.stopping.steps ?? suited.steps;
  const often = Math.max(1, Math.floor(steps / oftenPerRun));
  const optimizerOf = (part: NamedPart | undefined) => {
    // What suits Adam says nothing of another optimiser but the rate's course.
    const { name, ...own } = suited.optimizer;
    const given = part ?? suited.optimizer;
    return filled(optimizers, given, given.name === name ? own : {});
  };
  return plain({
    ...rest,
    version: 1 as const,
    data: recipe.data,
    batchSize: recipe.batchSize ?? Math.min(suited.batchSize, facts.size ?? suited.batchSize),
    generator: filled(generators, generator, suited.generator),
    discriminator: filled(discriminators, discriminator, opponent.discriminator),
    conditioning,
    optimizers: {
      generator: optimizerOf(written.optimizers?.generator),
      discriminator: optimizerOf(written.optimizers?.discriminator),
    },
    metrics:
      written.metrics === undefined && facts.hasModes
        ? [filled(metrics, { name: 'mode-coverage' }, {})]
        : recipe.metrics,
    // What nobody asked for is measured once, in the end.
    measureEvery: recipe.measureEvery ?? (written.metrics === undefined ? steps : often),
    stopping: { ...recipe.stopping, steps },
    pictures: { ...recipe.pictures, every: recipe.pictures.every ?? often },
    checkpoints: { ...recipe.checkpoints, every: recipe.checkpoints.every ?? often },
  });
}
