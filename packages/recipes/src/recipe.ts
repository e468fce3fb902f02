// What a recipe may say: every part of a game by name, with its options. Plain JSON.
import { conditionings } from '@gankit/conditional/registry';
import {
  choice,
  members,
  type NamedPart,
  option,
  type Registry,
  shown,
  text,
  wholeNumber,
} from '@gankit/core/registry';
import { optimizers } from '@gankit/engine/registry';
import { constraints, losses, penalties } from '@gankit/losses/registry';
import { metrics } from '@gankit/metrics/registry';
import { discriminators, generators } from '@gankit/models/registry';
import { negatives, schedules, stabilizers } from '@gankit/trainer/registry';
import * as v from 'valibot';

/** The version of recipes that this package reads and writes. */
export const recipeVersion = 1;

/** Every number of steps that JSON and a counter can hold. */
const steps = wholeNumber();

function listOf<Part extends v.GenericSchema>(part: { readonly schema: Part }) {
  return v.pipe(
    v.array(part.schema, ({ input }) => `must be a list, not ${shown(input)}`),
    v.maxLength(64, ({ input }) => `has ${input.length} entries; 64 are the most`),
  );
}

const early = members('stopping.early', {
  metric: v.pipe(text('the name of a metric and of its number, such as mode-coverage.modesFound')),
  better: option(choice(['lower', 'higher']), { default: 'lower', description: 'which way the number gets better' }),
  patience: option(wholeNumber(), { default: 5, description: 'measurements without improvement before the run ends' }),
});

const best = members('best', {
  metric: v.pipe(text('the name of a metric and of its number, such as fid.distance')),
  better: option(choice(['lower', 'higher']), { default: 'lower', description: 'which way the number gets better' }),
});

const optimizersOf = members('optimizers', {
  generator: option(optimizers.schema, { description: "the generator's optimiser" }),
  discriminator: option(optimizers.schema, { description: "the discriminator's optimiser" }),
});

const every = (what: string) =>
  option(steps, { description: `steps between two ${what}; a twentieth of the run when absent` });

/** What every recipe may say besides its data. */
const recipeEntries = {
  $schema: option(text(), { description: 'the address of the JSON Schema of recipes, for editors' }),
  version: option(
    v.literal(recipeVersion, ({ input }) =>
      typeof input === 'number' && input > recipeVersion
        ? `is ${input}, which is newer than this version of GANKit knows; update it`
        : `must be ${recipeVersion}, not ${shown(input)}`,
    ),
    { default: recipeVersion, description: 'the version of the format' },
  ),
  title: option(text(), { description: 'what it is called in lists' }),
  description: option(text(), { description: 'what it is for, in one sentence' }),
  source: option(text(), { description: 'where it was published' }),
  extends: option(v.union([text(), v.array(text())], 'must be the name or the path of a recipe, or a list of such'), {
    description: 'the recipes that it is based on, by name or path; later ones count',
  }),
  seed: option(wholeNumber({ minimum: 0 }), { default: 1, description: 'where everything random comes from' }),
  batchSize: option(wholeNumber({ maximum: 1_000_000 }), { description: 'samples in a batch' }),
  generator: option(generators.schema, { description: 'what makes samples' }),
  discriminator: option(discriminators.schema, { description: 'what judges them' }),
  conditioning: option(listOf(conditionings), {
    description: 'what the players are told: of images with classes the class, when absent; [] for nothing',
  }),
  loss: option(losses.schema, { default: { name: 'non-saturating' }, description: 'the loss of the game' }),
  penalties: option(listOf(penalties), { default: [], description: "terms that are added to a player's loss" }),
  constraints: option(listOf(constraints), { default: [], description: 'what is done to weights after an update' }),
  optimizers: option(optimizersOf, { default: {}, description: 'how each player learns' }),
  schedule: option(schedules.schema, { default: { name: 'fixed' }, description: 'who is updated how often' }),
  negatives: option(negatives.schema, {
    default: { name: 'current-generator' },
    description: 'what the discriminator is shown as generated',
  }),
  stabilizers: option(listOf(stabilizers), {
    default: [{ name: 'monitor' }],
    description: 'what is put around the players, the loss and the game',
  }),
  metrics: option(listOf(metrics), { default: [], description: 'what is measured of the generator' }),
  measureEvery: every('measurements'),
  best: option(best, {
    description: 'keep the generator that is best by a metric, beside the newest; not when absent',
  }),
  stopping: option(
    members('stopping', {
      steps: option(steps, { description: 'the step at which the run ends' }),
      early: option(early, { description: 'end when a metric gets no better; not when absent' }),
      divergence: option(choice(['rollback', 'stop']), {
        default: 'rollback',
        description: 'what to do when a number becomes NaN',
      }),
    }),
    { default: {}, description: 'when the run is over' },
  ),
  pictures: option(
    members('pictures', {
      every: every('pictures'),
      count: option(wholeNumber({ maximum: 65_536 }), {
        description: 'samples in a picture; its own choice when absent',
      }),
    }),
    { default: {}, description: 'pictures from the same latents as training goes on' },
  ),
  checkpoints: option(
    members('checkpoints', {
      every: every('checkpoints'),
      keep: option(wholeNumber({ maximum: 10_000 }), { default: 3, description: 'the newest that are kept' }),
    }),
    { default: {}, description: 'what a run goes on from' },
  ),
  watchEvery: option(wholeNumber({ minimum: 0 }), {
    default: 10,
    description: 'steps between two measurements of gradient norms and diversity; 0 for never',
  }),
};

/** Any data set by name, for programs that bring their own. */
const anyData = v.looseObject(
  { name: text('the name of a data set') },
  ({ input }) => `must be an object with a name, not ${shown(input)}`,
);

/**
 * The schema of a recipe.
 * @param data The data sets that it may name; any name with any options when absent.
 */
export function recipeSchema(data?: Pick<Registry<never, never>, 'schema'>) {
  return members('a recipe', {
    ...recipeEntries,
    data: option((data?.schema ?? anyData) as v.GenericSchema<NamedPart, NamedPart>, {
      description: 'what is learned',
    }),
  });
}

/** A recipe as it is written: whatever it leaves out is filled in when it is resolved. */
export type Recipe = v.InferInput<ReturnType<typeof recipeSchema>>;

/** A recipe with the defaults that depend on nothing else. */
export type CheckedRecipe = v.InferOutput<ReturnType<typeof recipeSchema>>;
