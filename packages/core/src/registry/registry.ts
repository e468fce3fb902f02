// Parts by name: what an app can list, describe, check and make without knowing any of them.
import * as v from 'valibot';
import { GanKitError } from '../error.ts';
import { nearestName, unknownNameError } from '../nearest-name.ts';
import { checkedValue } from './faults.ts';
import { members, type OptionEntries, shown } from './option.ts';

/** What is told of every named part. */
export interface About {
  /** How it is named in recipes and on command lines: lower case, words joined by hyphens. */
  readonly name: string;
  /** What it is called in running text. */
  readonly title: string;
  /** One sentence, without a full stop: what it does and when to use it. */
  readonly description: string;
  /** Where it was published. */
  readonly source: string;
}

/** A part that can be made by its name. */
export interface Entry<
  Part,
  Context = void,
  Entries extends OptionEntries = OptionEntries,
  Name extends string = string,
> extends About {
  readonly name: Name;
  /** The schema of each option. */
  readonly options: Entries;
  /** @param options Checked, with all defaults filled in. */
  create(options: v.InferOutput<v.StrictObjectSchema<Entries, undefined>>, context: Context): Part;
}

/** Options as they stand in a recipe, whatever the part. */
export type NamedPart = { readonly name: string } & Readonly<Record<string, unknown>>;

/** A part of a registry as it is written: its name, and the options that this name has. */
export type PartOf<Named extends { readonly entries: readonly unknown[] }> = Written<Named['entries'][number]>;

type Written<Each> =
  Each extends Entry<unknown, never, infer Entries, infer Name>
    ? { readonly name: Name } & v.InferInput<v.StrictObjectSchema<Entries, undefined>>
    : never;

/**
 * A function that takes an entry as it is written, with the options of `create` typed by their schemas:
 * `const loss = entryOf<AdversarialLoss, LossContext>(); loss({ name: 'hinge', ... })`.
 */
export function entryOf<Part, Context = void>() {
  return <const Name extends string, const Entries extends OptionEntries>(
    written: Entry<Part, Context, Entries, Name>,
  ): Entry<Part, Context, Entries, Name> => written;
}

/**
 * Makes a part by its entry.
 * @param given Its options; those that are left out take their defaults.
 * @throws GanKitError `invalid-argument` with every fault of the options, and whatever the part refuses.
 */
export function createPart<Part, Context, Entries extends OptionEntries>(
  { name, options, create }: Entry<Part, Context, Entries>,
  given: Readonly<Record<string, unknown>>,
  context: Context,
): Part {
  return create(checkedValue(name, members(name, options), given) as never, context);
}

/** All parts of a kind. */
export interface Registry<Part, Context = void, Each extends Entry<unknown, never> = Entry<Part, Context>> {
  /** What a part of it is called in sentences: `loss`, `penalty`. */
  readonly kind: string;
  /** In the order in which apps list them. */
  readonly entries: readonly Each[];
  readonly names: readonly Each['name'][];
  /** @throws GanKitError `unknown-name` with the nearest name. */
  entry(name: string): Each;
  /**
   * Makes a part.
   * @param named Its name and options; options that are left out take their defaults.
   * @throws GanKitError `unknown-name` for a name that does not exist, `invalid-argument` with every fault of the options, and whatever
   *   the part refuses.
   */
  create(named: NamedPart, context: Context): Part;
  /** The schema of {@link NamedPart} for these parts: an object whose `name` decides what else it has. */
  readonly schema: v.GenericSchema<Written<Each>, NamedPart>;
}

type PartMade<Each> = Each extends Entry<infer Part, never> ? Part : never;
type ContextOf<Each> = Each extends { create(options: never, context: infer Context): unknown } ? Context : never;

/** @throws GanKitError `conflict` when two entries have one name. */
export function registry<const Each extends Entry<unknown, never>>(
  kind: string,
  entries: readonly Each[],
): Registry<PartMade<Each>, ContextOf<Each>, Each> {
  type Part = PartMade<Each>;
  type Context = ContextOf<Each>;
  const names: readonly Each['name'][] = entries.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new GanKitError('conflict', `Two entries have the name '${twice}'.`, { value: twice });
  const schemas = entries.map(({ name, options }) => members(name, { name: v.literal(name), ...options }));
  const schema = v.variant('name', schemas as never, (issue) => {
    if (issue.expected === 'Object') return `must be an object with a name, not ${shown(issue.input)}`;
    const given = issue.input;
    if (given === undefined) return `is missing; it is one of ${names.join(', ')}`;
    const nearest = nearestName(String(given), names);
    return `is ${shown(given)}, and there is no such ${kind}; ${nearest === undefined ? `choose one of ${names.join(', ')}` : `did you mean '${nearest}'?`}`;
  }) as unknown as v.GenericSchema<Written<Each>, NamedPart>;
  const find = (name: string) => {
    const found = entries.find((candidate) => candidate.name === name);
    if (found === undefined) throw unknownNameError(kind, name, names);
    return found;
  };
  return {
    kind,
    entries,
    names,
    entry: find,
    create: ({ name, ...given }, context) => createPart(find(name) as unknown as Entry<Part, Context>, given, context),
    schema,
  };
}
