// Options of named parts as schemas: their types, defaults, checks, help, forms and JSON Schema all come from here.
import * as v from 'valibot';
import { nearestName } from '../nearest-name.ts';

/** How a value stands in a sentence: JSON where that says it, its type where it is long. */
export function shown(value: unknown): string {
  if (typeof value === 'symbol') return value.description ?? 'a symbol';
  const text = typeof value === 'number' || value === undefined ? String(value) : JSON.stringify(value);
  if (text === undefined || text.length > 60) return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
  return text;
}

interface OptionOf<T> {
  /** One sentence, without a full stop. */
  readonly description: string;
  /** What counts when it is left out. Absent: nothing, so that the part itself decides. */
  readonly default?: T | undefined;
}

/** The bounds of a number; both may be reached. */
export interface Range {
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
}

function inRange({ minimum, maximum }: Range): string {
  if (minimum !== undefined && maximum !== undefined) return ` from ${minimum} to ${maximum}`;
  if (minimum !== undefined) return ` of at least ${minimum}`;
  return maximum === undefined ? '' : ` of at most ${maximum}`;
}

const must = (what: string) => (issue: { readonly input: unknown }) => `must be ${what}, not ${shown(issue.input)}`;

/** A number that JSON can hold. */
export function number(range: Range = {}) {
  const message = must(`a number${inRange(range)}`);
  return v.pipe(
    v.number(message),
    v.finite(message),
    v.minValue(range.minimum ?? -Number.MAX_VALUE, message),
    v.maxValue(range.maximum ?? Number.MAX_VALUE, message),
  );
}

/** A whole number. */
export function wholeNumber({ minimum = 1, maximum = Number.MAX_SAFE_INTEGER }: Range = {}) {
  const message = must(
    `a whole number${inRange({ minimum, maximum: maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum })}`,
  );
  return v.pipe(v.number(message), v.integer(message), v.minValue(minimum, message), v.maxValue(maximum, message));
}

/** A switch. */
export function flag() {
  return v.boolean(must('true or false'));
}

/** One of several words or numbers. */
export function choice<const Words extends readonly [string | number, ...(string | number)[]]>(words: Words) {
  return v.picklist(words, ({ input }) => {
    const nearest = typeof input === 'string' ? nearestName(input, words.map(String)) : undefined;
    const advice = nearest === undefined ? '' : `; did you mean '${nearest}'?`;
    return `must be one of ${words.join(', ')}, not ${shown(input)}${advice}`;
  });
}

/** A list of some of several words, each at most once. */
export function choices<const Words extends readonly [string, ...string[]]>(words: Words) {
  return v.pipe(
    v.array(choice(words), must(`a list of ${words.join(', ')}`)),
    v.check((chosen) => new Set(chosen).size === chosen.length, 'must not name anything twice'),
  );
}

/** Any text that is not empty. */
export function text(what = 'text') {
  const message = must(what);
  return v.pipe(v.string(message), v.nonEmpty(message));
}

/** A list of whole numbers, such as the sizes of hidden layers. */
export function wholeNumbers({
  minimum = 1,
  maximum,
  longest = 64,
}: Range & { readonly longest?: number | undefined } = {}) {
  return v.pipe(
    v.array(wholeNumber({ minimum, maximum }), must('a list of whole numbers')),
    v.maxLength(longest, ({ input }) => `must have at most ${longest} numbers, not ${input.length}`),
  );
}

type Value = v.BaseSchema<unknown, unknown, v.BaseIssue<unknown>>;

/** An option that may be left out, and what then counts. */
export function option<const Schema extends Value>(
  schema: Schema,
  about: OptionOf<v.InferInput<Schema>> & { readonly default: v.InferInput<Schema> },
): v.OptionalSchema<
  v.SchemaWithPipe<readonly [Schema, v.DescriptionAction<v.InferOutput<Schema>, string>]>,
  v.InferInput<Schema>
>;
export function option<const Schema extends Value>(
  schema: Schema,
  about: OptionOf<v.InferInput<Schema>>,
): v.OptionalSchema<v.SchemaWithPipe<readonly [Schema, v.DescriptionAction<v.InferOutput<Schema>, string>]>, undefined>;
export function option<const Schema extends Value>(
  schema: Schema,
  { description, default: value }: OptionOf<v.InferInput<Schema>>,
) {
  return v.optional(v.pipe(schema, v.description(description)) as never, value as never) as never;
}

/** An option that must be given. */
export function required<const Schema extends Value>(schema: Schema, description: string) {
  return v.pipe(schema, v.description(description));
}

/** The names and schemas of a part's options. */
export type OptionEntries = v.ObjectEntries;

/** What a list is where an object belongs. */
const list = Symbol('a list');

/**
 * An object with these members and no others: a misspelt one is answered with the nearest that exists.
 * @param what What has the members, for the sentence: `r1`, `a recipe`.
 */
export function members<const Entries extends OptionEntries>(what: string, entries: Entries) {
  const names = Object.keys(entries);
  const schema = v.strictObject(entries, (issue) => {
    if (issue.expected === 'never') {
      const name = issue.received.slice(1, -1);
      const known = names.filter((each) => each !== 'name');
      const nearest = nearestName(name, known);
      if (known.length === 0) return `is no option of ${what}, which has none`;
      return `is no option of ${what}; ${nearest === undefined ? `its options are ${known.join(', ')}` : `did you mean '${nearest}'?`}`;
    }
    if (issue.expected === 'Object') return `must be an object, not ${shown(issue.input)}`;
    return 'is missing';
  });
  // A list passes for an object where nothing is required of it.
  const run = schema['~run'];
  return {
    ...schema,
    '~run': (dataset: Parameters<typeof run>[0], config: Parameters<typeof run>[1]) =>
      run.call(schema, Array.isArray(dataset.value) ? { ...dataset, value: list } : dataset, config),
  };
}
