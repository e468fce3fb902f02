// Everything that is wrong with a value at once, each with its place: what a form shows beside its fields and a command prints as a list.
import * as v from 'valibot';
import { GanKitError } from '../error.ts';

/** One thing that is wrong. */
export interface Fault {
  /** Where: `penalties[0].gamma`; empty for the whole value. */
  readonly path: string;
  /** What: `must be a number of at least 0, not -1`. */
  readonly message: string;
  /** What stands there. */
  readonly value: unknown;
}

/** `penalties[0].gamma` of ['penalties', 0, 'gamma']. */
export function formatPath(keys: readonly (string | number)[]): string {
  return keys.reduce<string>((path, key) => {
    if (typeof key === 'number') return `${path}[${key}]`;
    return path === '' ? key : `${path}.${key}`;
  }, '');
}

/** A fault as a sentence. */
export function formatFault({ path, message }: Fault, whole = 'it'): string {
  return `${path === '' ? whole : path} ${message}${message.endsWith('?') ? '' : '.'}`;
}

export type Checked<T> =
  | { readonly value: T; readonly faults: readonly [] }
  | { readonly value?: undefined; readonly faults: readonly [Fault, ...Fault[]] };

const forbidden = ['__proto__', 'constructor', 'prototype'];

/**
 * Keys that would reach into every object's prototype: no schema knows them, and none may let them pass. {@link check} looks for them;
 * whoever copies keys before that looks first.
 */
export function prototypeKeys(value: unknown, path: readonly (string | number)[] = []): Fault[] {
  if (typeof value !== 'object' || value === null || path.length > 32) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const place = [...path, Array.isArray(value) ? Number(key) : key];
    if (forbidden.includes(key))
      return [{ path: formatPath(place), message: 'is no name for an option', value: inner }];
    return prototypeKeys(inner, place);
  });
}

/** Checks a value, with everything that is wrong with it in the order in which it stands there. */
export function check<Schema extends v.GenericSchema>(schema: Schema, value: unknown): Checked<v.InferOutput<Schema>> {
  const hostile = prototypeKeys(value);
  if (hostile.length > 0) return { faults: hostile as [Fault, ...Fault[]] };
  const result = v.safeParse(schema, value, { abortPipeEarly: true });
  if (result.success) return { value: result.output, faults: [] };
  const faults = result.issues.map((issue): Fault => {
    const keys = (issue.path ?? []).map(({ key }) => key as string | number);
    return { path: formatPath(keys), message: issue.message, value: issue.path?.at(-1)?.value ?? issue.input };
  });
  return { faults: faults as [Fault, ...Fault[]] };
}

/**
 * The value, checked and with its defaults.
 * @param what What it is, for the sentence.
 * @throws GanKitError `invalid-argument` with every fault in one sentence each.
 */
export function checkedValue<Schema extends v.GenericSchema>(
  what: string,
  schema: Schema,
  value: unknown,
): v.InferOutput<Schema> {
  const checked = check(schema, value);
  const [first] = checked.faults;
  if (first === undefined) return checked.value as v.InferOutput<Schema>;
  const sentences = checked.faults.map((fault) => `${what}: ${formatFault(fault)}`);
  throw new GanKitError('invalid-argument', sentences.join(' '), { value: first.value });
}
