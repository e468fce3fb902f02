// The nearest rows of one set to each row of another, exactly.
import { checkInteger, GanKitError } from '@gankit/core';
import { countBoth, countRows, type Features } from './features.ts';
import { visitSquaredDistances } from './pairwise.ts';

export interface Neighbours {
  /** Neighbours of each row. */
  readonly neighbours: number;
  /** [rows, neighbours]: their indices in the reference, the nearest first; of equally near ones the lower index first. */
  readonly indices: Uint32Array;
  /** [rows, neighbours]: their Euclidean distances. */
  readonly distances: Float64Array;
}

/** Lists of the smallest squared distances that are kept sorted as candidates come in the order of their indices. */
function collect(
  rows: Features,
  reference: Features,
  neighbours: number,
  count: number,
  skip: (row: number, candidate: number) => boolean,
): Neighbours {
  const distances = new Float64Array(count * neighbours).fill(Number.POSITIVE_INFINITY);
  const indices = new Uint32Array(count * neighbours);
  visitSquaredDistances(rows, reference, (row, candidate, squared) => {
    const first = row * neighbours;
    let at = first + neighbours - 1;
    if (squared >= distances[at]! || skip(row, candidate)) return;
    for (; at > first && distances[at - 1]! > squared; at--) {
      distances[at] = distances[at - 1]!;
      indices[at] = indices[at - 1]!;
    }
    distances[at] = squared;
    indices[at] = candidate;
  });
  for (let at = 0; at < distances.length; at++) distances[at] = Math.sqrt(distances[at]!);
  return { neighbours, indices, distances };
}

function checkEnough(neighbours: number, others: number): void {
  checkInteger('neighbours', neighbours);
  if (neighbours <= others) return;
  throw new GanKitError('invalid-argument', `neighbours must be at most the ${others} others, not ${neighbours}.`, {
    value: neighbours,
  });
}

/**
 * The nearest rows of `reference` to each row: which training samples a generated one resembles most.
 * @param neighbours How many, at most the rows of `reference`; 1 when absent.
 * @throws GanKitError `invalid-argument` for more neighbours than there are, `incompatible` for rows of different lengths.
 */
export function nearestNeighbours(reference: Features, rows: Features, neighbours = 1): Neighbours {
  const [others, count] = countBoth(reference, rows);
  checkEnough(neighbours, others);
  return collect(rows, reference, neighbours, count, () => false);
}

/**
 * The nearest other rows of the same set to each row. A row is not its own neighbour; an equal row is.
 * @throws GanKitError `invalid-argument` for more neighbours than there are others.
 */
export function neighboursWithin(features: Features, neighbours = 1): Neighbours {
  const count = countRows('the features', features, 2);
  checkEnough(neighbours, count - 1);
  return collect(features, features, neighbours, count, (row, candidate) => row === candidate);
}
