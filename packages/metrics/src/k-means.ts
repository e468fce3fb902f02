// k-means clusters: how PRD curves make histograms of features.
import { checkInteger, GanKitError, type RandomStream } from '@gankit/core';
import { countRows, type Features, takeRows } from './features.ts';
import { nearestNeighbours } from './nearest-neighbours.ts';

export interface Clusters {
  /** [clusters, dimensions] */
  readonly centres: Features;
  /** The cluster of each row. */
  readonly labels: Uint32Array;
  /** The sum of the squared distances to the centres. */
  readonly inertia: number;
}

/** Rounds after which it ends where it stands; most end long before. */
const mostRounds = 100;

/** The first centres: each next one at a distance from those before it, by k-means++ (Arthur and Vassilvitskii 2007). */
function firstCentres(features: Features, count: number, clusters: number, random: RandomStream): Features {
  const chosen = [random.integer(count)];
  const nearest = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  while (chosen.length < clusters) {
    const { distances } = nearestNeighbours(takeRows(features, [chosen.at(-1)!]), features);
    let total = 0;
    for (let row = 0; row < count; row++) {
      nearest[row] = Math.min(nearest[row]!, distances[row]! ** 2);
      total += nearest[row]!;
    }
    let left = random.uniform() * total;
    let row = 0;
    // Fewer different rows than clusters leave nothing to draw from; then any row will do.
    if (total === 0) row = random.integer(count);
    else while (row < count - 1 && left >= nearest[row]!) left -= nearest[row++]!;
    chosen.push(row);
  }
  return takeRows(features, chosen);
}

/**
 * Lloyd's algorithm from k-means++ centres.
 * @throws GanKitError `invalid-argument` for more clusters than rows.
 */
export function kMeans(features: Features, clusters: number, random: RandomStream): Clusters {
  checkInteger('clusters', clusters);
  const count = countRows('the features', features);
  if (clusters > count) {
    throw new GanKitError('invalid-argument', `clusters must be at most the ${count} rows, not ${clusters}.`, {
      value: clusters,
    });
  }
  const { values, dimensions } = features;
  let centres = firstCentres(features, count, clusters, random);
  let labels = new Uint32Array(count);
  let inertia = 0;
  for (let round = 0; round < mostRounds; round++) {
    const { indices, distances } = nearestNeighbours(centres, features);
    inertia = distances.reduce((sum, distance) => sum + distance ** 2, 0);
    const settled = round > 0 && indices.every((label, row) => label === labels[row]);
    labels = new Uint32Array(indices);
    if (settled) break;
    const members = new Uint32Array(clusters);
    for (const label of labels) members[label]!++;
    const moved = new Float64Array(clusters * dimensions);
    for (let row = 0; row < count; row++) {
      const [from, to] = [row * dimensions, labels[row]! * dimensions];
      for (let at = 0; at < dimensions; at++) moved[to + at]! += values[from + at]! / members[labels[row]!]!;
    }
    // An empty cluster keeps its centre.
    for (let at = 0; at < moved.length; at++) {
      if (members[Math.floor(at / dimensions)] === 0) moved[at] = centres.values[at]!;
    }
    centres = { values: moved, dimensions };
  }
  return { centres, labels, inertia };
}
