// The Wasserstein distance of two sets of equally many points in any number of dimensions, exactly: the cheapest assignment.
import { checkNumber, GanKitError } from '@gankit/core';
import { countBoth, type Features } from './features.ts';
import { distanceBlocks } from './pairwise.ts';

/**
 * Which column each row is assigned to, so that the sum of the costs is least.
 * The shortest augmenting path of Jonker and Volgenant 1987, as in scipy's linear_sum_assignment: at most count^3 steps.
 * @param costs [count, count]
 */
export function cheapestAssignment(costs: Float64Array, count: number): Uint32Array {
  const none = count;
  const [rowPrices, columnPrices] = [new Float64Array(count), new Float64Array(count)];
  const rowOf = new Uint32Array(count).fill(none);
  const columnOf = new Uint32Array(count).fill(none);
  const shortest = new Float64Array(count);
  const cameFrom = new Uint32Array(count);
  const [rowSeen, columnSeen] = [new Uint8Array(count), new Uint8Array(count)];
  for (let start = 0; start < count; start++) {
    shortest.fill(Number.POSITIVE_INFINITY);
    rowSeen.fill(0);
    columnSeen.fill(0);
    let [row, reached, end] = [start, 0, none];
    while (end === none) {
      rowSeen[row] = 1;
      let best = none;
      for (let column = 0; column < count; column++) {
        if (columnSeen[column]) continue;
        const length = reached + costs[row * count + column]! - rowPrices[row]! - columnPrices[column]!;
        if (length < shortest[column]!) {
          shortest[column] = length;
          cameFrom[column] = row;
        }
        const nearer = best === none || shortest[column]! < shortest[best]!;
        // Of equally near columns a free one ends the search.
        if (nearer || (shortest[column] === shortest[best] && rowOf[column] === none)) best = column;
      }
      reached = shortest[best]!;
      columnSeen[best] = 1;
      if (rowOf[best] === none) end = best;
      else row = rowOf[best]!;
    }
    rowPrices[start]! += reached;
    for (let other = 0; other < count; other++) {
      if (rowSeen[other] && other !== start) rowPrices[other]! += reached - shortest[columnOf[other]!]!;
      if (columnSeen[other]) columnPrices[other]! -= reached - shortest[other]!;
    }
    for (let column = end; ; ) {
      const from = cameFrom[column]!;
      rowOf[column] = from;
      const next = columnOf[from]!;
      columnOf[from] = column;
      if (from === start) break;
      column = next;
    }
  }
  return columnOf;
}

/** Beyond this a distance would take minutes; the sliced one takes as many as there are. */
const mostPoints = 5000;

/**
 * (least mean of |x - y|^order over all assignments)^(1/order).
 * @param order 1 (the default) is the earth mover's distance, 2 the usual one for images of Gaussians.
 * @throws GanKitError `incompatible` for sets of different sizes or dimensions, `invalid-argument` for more than 5,000 points each.
 */
export function wassersteinDistance(reference: Features, generated: Features, order = 1): number {
  checkNumber('order', order, 1);
  const [count, other] = countBoth(reference, generated);
  if (count !== other) {
    throw new GanKitError(
      'incompatible',
      `An assignment needs equally many points, not ${count} and ${other}; take as many of both, or the sliced Wasserstein distance.`,
      { value: other },
    );
  }
  if (count > mostPoints) {
    throw new GanKitError(
      'invalid-argument',
      `The exact distance is for at most ${mostPoints} points each, not ${count}; take fewer, or the sliced Wasserstein distance.`,
      { value: count },
    );
  }
  const costs = new Float64Array(count * count);
  for (const { top, rows, left, columns, squared } of distanceBlocks(reference, generated)) {
    for (let i = 0; i < rows; i++) {
      const to = (top + i) * count + left;
      for (let j = 0; j < columns; j++) costs[to + j] = squared[i * columns + j]! ** (order / 2);
    }
  }
  const columns = cheapestAssignment(costs, count);
  let total = 0;
  for (let row = 0; row < count; row++) total += costs[row * count + columns[row]!]!;
  return (total / count) ** (1 / order);
}
