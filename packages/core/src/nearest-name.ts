// "Did you mean ...?": the error for a name that does not exist.
import { GanKitError } from './error.ts';

/**
 * Optimal string alignment distance: the least number of inserted, deleted, replaced or neighbouring swapped characters.
 */
function editDistance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  for (let row = 1; row <= a.length; row++) {
    const previous = rows[row - 1]!;
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const replaced = previous[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1);
      let least = Math.min(replaced, previous[column]! + 1, current[column - 1]! + 1);
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) least = Math.min(least, rows[row - 2]![column - 2]! + 1);
      current.push(least);
    }
    rows.push(current);
  }
  return rows[a.length]![b.length]!;
}

/**
 * The known name that is closest to `name`, or `undefined` when none is close enough to be a misspelling
 * (more than half of its characters would have to change).
 */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const wanted = name.toLowerCase();
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    const distance = editDistance(wanted, candidate.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best !== undefined && bestDistance <= Math.max(wanted.length, best.length) / 2 ? best : undefined;
}

/**
 * The error for a name that is not among `known`: it names the nearest one, or lists them all.
 *
 * @param kind What the name stands for, for example `loss`.
 */
export function unknownNameError(kind: string, name: string, known: readonly string[]): GanKitError {
  const nearest = nearestName(name, known);
  const advice = nearest === undefined ? `choose one of: ${known.join(', ')}` : `did you mean '${nearest}'?`;
  return new GanKitError('unknown-name', `There is no ${kind} named '${name}'; ${advice}`, { value: name });
}
