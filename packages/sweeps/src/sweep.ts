// What a sweep says: a recipe, what varies about it, and the seeds of every variant. Plain JSON.
import { choice, flag, members, number, option, required, shown, text, wholeNumber } from '@gankit/core/registry';
import * as v from 'valibot';

/** The version of sweeps that this package reads and writes. */
export const sweepVersion = 1;

/** More trials than this are a mistake in the file. */
export const mostTrials = 100_000;

function listOf<Item extends v.GenericSchema>(item: Item, what: string, most = 1000) {
  return v.pipe(
    v.array(item, ({ input }) => `must be a list of ${what}, not ${shown(input)}`),
    v.minLength(1, `must have at least one of ${what}`),
    v.maxLength(most, ({ input }) => `has ${input.length} entries; ${most} are the most`),
  );
}

const anyObject = v.record(v.string(), v.unknown(), ({ input }) => `must be an object, not ${shown(input)}`);
const name = required(text(), 'what it is called in tables');
const paths = required(
  listOf(text('a path in a recipe, such as batchSize'), 'paths in a recipe'),
  'the places in the recipe that get the value',
);

/** One of several recipes that are laid over the base. */
const variant = members('a choice', {
  label: option(text(), { description: 'what it is called in tables' }),
  recipe: required(anyObject, 'what it says otherwise than the base; null takes away'),
});

const byChoices = members('a variable with choices', {
  name,
  choices: required(listOf(variant, 'choices'), 'recipes that are laid over the base, one of them at a time'),
});

const byValues = members('a variable with values', {
  name,
  paths,
  values: required(listOf(v.unknown(), 'values'), 'what stands there, one of them at a time'),
});

const byRange = members('a variable with a range', {
  name,
  paths,
  from: required(number(), 'the least value'),
  to: required(number(), 'the greatest value'),
  scale: option(choice(['linear', 'log']), { default: 'linear', description: 'log for rates and sizes' }),
  whole: option(flag(), { default: false, description: 'whether it is a whole number' }),
});

/** Which of the three it is is told by what it has, so that a fault is told of the right one. */
const variable = v.lazy((input) => {
  const has = (key: string) => typeof input === 'object' && input !== null && Object.hasOwn(input, key);
  if (has('choices')) return byChoices;
  return has('from') || has('to') ? byRange : byValues;
}) as unknown as v.GenericSchema<
  v.InferInput<typeof byChoices> | v.InferInput<typeof byValues> | v.InferInput<typeof byRange>,
  v.InferOutput<typeof byChoices> | v.InferOutput<typeof byValues> | v.InferOutput<typeof byRange>
>;

const search = v.variant(
  'name',
  [
    members('grid', { name: v.literal('grid') }),
    members('random', {
      name: v.literal('random'),
      configurations: required(wholeNumber({ maximum: mostTrials }), 'how many are drawn'),
      seed: option(wholeNumber({ minimum: 0 }), { default: 1, description: 'what they are drawn with' }),
    }),
  ],
  ({ input }) => `is ${shown(input)}; it is { "name": "grid" } or { "name": "random", "configurations": 20 }`,
);

/** The schema of a sweep. */
export const sweepSchema = members('a sweep', {
  format: v.literal('gankit-sweep', ({ input }) => `must be "gankit-sweep", not ${shown(input)}`),
  version: v.literal(sweepVersion, ({ input }) =>
    typeof input === 'number' && input > sweepVersion
      ? `is ${input}, which is newer than this version of GANKit knows; update it`
      : `must be ${sweepVersion}, not ${shown(input)}`,
  ),
  base: required(anyObject, 'the recipe that every trial has in common'),
  vary: option(
    v.pipe(v.array(variable, 'must be a list of variables'), v.maxLength(32, 'has more than 32 variables')),
    {
      default: [],
      description: 'what differs between trials',
    },
  ),
  search: option(search, { default: { name: 'grid' }, description: 'every combination, or a number of random ones' }),
  halving: option(
    members('halving', {
      first: required(wholeNumber(), 'steps that every configuration is given'),
      factor: option(wholeNumber({ minimum: 2 }), {
        default: 3,
        description: 'the better one of so many goes on, with so many times the steps',
      }),
    }),
    { description: 'successive halving: few steps for all, all steps for the best; every step for all when absent' },
  ),
  seeds: option(listOf(wholeNumber({ minimum: 0 }), 'seeds'), {
    default: [1],
    description: 'every configuration is trained once with each',
  }),
  goal: option(
    members('goal', {
      metric: required(text(), 'a metric and its number, such as mode-coverage.modesFound'),
      better: option(choice(['lower', 'higher']), { default: 'lower', description: 'which way it gets better' }),
    }),
    { description: 'what configurations are ranked by' },
  ),
  backend: option(text(), {
    description: 'the backend of every trial; the fastest that works where it runs when absent',
  }),
  threads: option(wholeNumber({ maximum: 1024 }), {
    default: 1,
    description: 'threads of a trial on the native backend: its last bits depend on them',
  }),
});

/** A sweep as it is written. */
export type WrittenSweep = v.InferInput<typeof sweepSchema>;

/** A sweep with its defaults. */
export type Sweep = v.InferOutput<typeof sweepSchema>;

/** Something that differs between trials. */
export type Variable = Sweep['vary'][number];
