// The state of a part that is made of other parts: each keeps its own names, under a prefix.
import { isStateful, loadParts, RandomStream, type Stateful, saveParts, valueState } from '@gankit/core';

/**
 * Saves and loads several parts as one. Random streams are parts, too; a part without state is passed over, so that a wrapper
 * need not know whether what it wraps has any.
 *
 * @param parts By the names that they have in the saved state; a slash in a name becomes a dash.
 * @throws GanKitError `incompatible`, from `loadState`, when the state lacks a part that has state, or has one that is unknown.
 */
export function stateOfParts(parts: Readonly<Record<string, unknown>>): Stateful {
  const stateful = Object.fromEntries(
    Object.entries(parts).flatMap(([name, part]): [string, Stateful][] => {
      const key = name.replaceAll('/', '-');
      if (part instanceof RandomStream) return [[key, valueState(part)]];
      return isStateful(part) ? [[key, part]] : [];
    }),
  );
  return {
    saveState: () => saveParts(stateful),
    loadState: (state) => loadParts(stateful, state),
  };
}
