// A part with some of its members replaced.

/** `base` with `changes`, like `{ ...base, ...changes }`, but what is read at each access stays so: a spread reads it once. */
export function withChanges<Base extends object, Changes extends object>(
  base: Base,
  changes: Changes,
): Omit<Base, keyof NoInfer<Changes>> & NoInfer<Changes> {
  const members = { ...Object.getOwnPropertyDescriptors(base), ...Object.getOwnPropertyDescriptors(changes) };
  return Object.defineProperties({}, members) as Omit<Base, keyof Changes> & Changes;
}
