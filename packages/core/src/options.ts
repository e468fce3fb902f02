// Options whose names or words nobody knows, and options that are missing, are refused by name: plain JavaScript has no compiler to do it.
import { GanKitError } from './error.ts';
import { nearestName, unknownNameError } from './nearest-name.ts';

type Keys<T> = T extends unknown ? keyof T : never;
type Presence<T, K> = T extends unknown
  ? K extends keyof T
    ? undefined extends T[K]
      ? 'optional'
      : 'required'
    : 'optional'
  : never;

/** Every option of `T` by name, and whether it must be there. The compiler refuses a list that lacks one or has one too many. */
export type OptionNames<T> = { readonly [K in Keys<T>]-?: Presence<T, K> };

/**
 * Checks that options have known names and that none is missing.
 * @param who The function that is given them, for the sentence.
 * @throws GanKitError `invalid-argument` that names the option and, for a misspelt one, the nearest name that exists.
 */
export function checkOptions<T extends object>(who: string, options: T, names: OptionNames<T>): void {
  if (typeof options !== 'object' || options === null) {
    throw new GanKitError('invalid-argument', `${who} needs an object of options, not ${String(options)}.`, {
      value: options,
    });
  }
  const known = Object.keys(names);
  for (const name of Object.keys(options)) {
    if (Object.hasOwn(names, name)) continue;
    const nearest = nearestName(name, known);
    const advice = nearest === undefined ? `its options are ${known.join(', ')}` : `did you mean '${nearest}'?`;
    throw new GanKitError('invalid-argument', `${who} has no option '${name}'; ${advice}`, { value: name });
  }
  for (const [name, presence] of Object.entries(names)) {
    if (presence !== 'required' || (options as Record<string, unknown>)[name] !== undefined) continue;
    throw new GanKitError('invalid-argument', `${who} needs the option '${name}', which is missing.`, { value: name });
  }
}

/**
 * Checks that a value is one of the words that an option takes.
 * @param what What the word stands for, for the sentence.
 * @throws GanKitError `unknown-name` that names the nearest word.
 */
export function checkChoice<T extends string>(what: string, value: T, choices: readonly T[]): void {
  if (!choices.includes(value)) throw unknownNameError(what, String(value), choices);
}
