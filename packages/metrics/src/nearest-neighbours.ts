// The nearest rows of one set to each row of another, exactly.
import { checkInteger, GanKitError } from '@gankit/core';
import { countBoth, countRows, type Features } from './features.ts';
import { distanceBlocks } from './pairwise.ts';

export interface Neighbours {
  /** Neighbours of each row. */
  readonly neighbours: number;
  /** [rows, neighbours]: their indices in the reference, the nearest first; of equally near ones the lower index first. */
  readonly indices: Uint32Array;
  /** [rows, neighbours]: their Euclidean distances. */
  readonly distances: Float64Array;
}

/** Neighbours with the squares of their distances. */
interface SquaredNeighbours {
  readonly indices: Uint32Array;
  readonly squared: Float64Array;
}

/** Lists of the smallest squared distances, kept sorted. For each row candidates must come in the order of their indices. */
class Nearest {
  readonly squared: Float64Array;
  readonly indices: Uint32Array;
  readonly #neighbours: number;

  constructor(rows: number, neighbours: number) {
    this.squared = new Float64Array(rows * neighbours).fill(Number.POSITIVE_INFINITY);
    this.indices = new Uint32Array(rows * neighbours);
    this.#neighbours = neighbours;
  }

  offer(row: number, candidate: number, distance: number): void {
    const { squared, indices } = this;
    const first = row * this.#neighbours;
    let at = first + this.#neighbours - 1;
    if (distance >= squared[at]!) return;
    for (; at > first && squared[at - 1]! > distance; at--) {
      squared[at] = squared[at - 1]!;
      indices[at] = indices[at - 1]!;
    }
    squared[at] = distance;
    indices[at] = candidate;
  }
}

const rooted = (neighbours: number, { indices, squared }: SquaredNeighbours): Neighbours => ({
  neighbours,
  indices,
  distances: squared.map(Math.sqrt),
});

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
  const nearest = new Nearest(count, neighbours);
  for (const { top, rows: high, left, columns, squared } of distanceBlocks(rows, reference)) {
    for (let i = 0; i < high; i++) {
      for (let j = 0; j < columns; j++) nearest.offer(top + i, left + j, squared[i * columns + j]!);
    }
  }
  return rooted(neighbours, nearest);
}

/**
 * The nearest other rows of the same set to each row. A row is not its own neighbour; an equal row is.
 * @throws GanKitError `invalid-argument` for more neighbours than there are others.
 */
export function neighboursWithin(features: Features, neighbours = 1): Neighbours {
  return rooted(neighbours, within(features, neighbours));
}

/** The square of each row's distance to its neighbour of this number. */
export function squaredRadii(features: Features, neighbours: number): Float64Array {
  const { squared } = within(features, neighbours);
  return Float64Array.from({ length: squared.length / neighbours }, (_, row) => squared[(row + 1) * neighbours - 1]!);
}

function within(features: Features, neighbours: number): SquaredNeighbours {
  const count = countRows('the features', features, 2);
  checkEnough(neighbours, count - 1);
  const nearest = new Nearest(count, neighbours);
  for (const { top, rows, left, columns, squared } of distanceBlocks(features, features, true)) {
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        if (top + i === left + j) continue;
        nearest.offer(top + i, left + j, squared[i * columns + j]!);
        // Above the diagonal: what this row is to the other is what the other is to this.
        if (top < left) nearest.offer(left + j, top + i, squared[i * columns + j]!);
      }
    }
  }
  return nearest;
}
