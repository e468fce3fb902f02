// Does a generator copy its training samples? Distances to the nearest training sample, against those of samples that were held out.
import { checkInteger, checkNumber, checkOptions, GanKitError, RandomStream } from '@gankit/core';
import type { Features } from './features.ts';
import { kMeans } from './k-means.ts';
import { nearestNeighbours } from './nearest-neighbours.ts';

export interface CopyingSets {
  /** What the generator learned from. */
  readonly training: Features;
  /** Real samples that it never saw: they say how near chance alone brings a sample to the training set. */
  readonly heldOut: Features;
  readonly generated: Features;
}

export interface CopyingOptions {
  /** A generated sample counts as close when it is nearer to the training set than this share of the held-out ones; .01 when absent. */
  readonly quantile?: number | undefined;
  /**
   * Clusters of the training set. Samples are compared within theirs alone, because some regions are denser than others: a generator that
   * makes more of what is dense is no copier. When absent 10, or fewer for fewer than 500 training samples.
   */
  readonly cells?: number | undefined;
  /** Where the clustering begins; a stream of its own, the same each time, when absent. */
  readonly random?: RandomStream | undefined;
}

export interface Copying {
  /**
   * How many standard errors nearer to the training set the generated samples are than held-out ones, by the ranks of their distances (C_T).
   * Below -3 the generator copies, above 3 it underfits; near 0 it does neither.
   */
  readonly score: number;
  /** Chance of a score this low or lower for a generator that does not copy. */
  readonly pValue: number;
  /** Share of the generated samples that are close. As large as `quantile` when nothing is copied. */
  readonly closeShare: number;
  /** The distance below which a sample counts as close. */
  readonly threshold: number;
  /** The nearest training sample of each generated one, for a picture. */
  readonly nearest: Uint32Array;
  /** The distance to it. */
  readonly distances: Float64Array;
}

/** Ranks from 1 of all numbers, equal ones sharing theirs; and the sum of t^3 - t over groups of t equal ones. */
function sharedRanks(values: Float64Array): { readonly ranks: Float64Array; readonly ties: number } {
  const order = Array.from(values.keys()).sort((a, b) => values[a]! - values[b]!);
  const ranks = new Float64Array(values.length);
  let ties = 0;
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to < order.length && values[order[to]!] === values[order[from]!]) to++;
    for (let at = from; at < to; at++) ranks[order[at]!] = (from + 1 + to) / 2;
    ties += (to - from) ** 3 - (to - from);
    from = to;
  }
  return { ranks, ties };
}

/** P(Z <= z) of the standard normal distribution: a series near 0, a continued fraction in the tails. */
export function normalProbability(z: number): number {
  const x = Math.abs(z);
  const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  let tail: number;
  if (x < 3) {
    let [term, sum] = [x, x];
    for (let k = 1; term > sum * Number.EPSILON; k++) {
      term *= (x * x) / (2 * k + 1);
      sum += term;
    }
    tail = 0.5 - density * sum;
  } else {
    let fraction = 0;
    for (let k = 100; k > 0; k--) fraction = k / (x + fraction);
    tail = density / (x + fraction);
  }
  return z < 0 ? tail : 1 - tail;
}

/** The Mann-Whitney statistic of `a` against `b` minus its expected value, equal values counted half; and its variance. */
function rankStatistic(a: Float64Array, b: Float64Array): { readonly difference: number; readonly variance: number } {
  const [m, n] = [a.length, b.length];
  const all = new Float64Array(m + n);
  all.set(a);
  all.set(b, m);
  const { ranks, ties } = sharedRanks(all);
  const sum = ranks.subarray(0, m).reduce((total, rank) => total + rank, 0);
  return {
    difference: sum - (m * (m + 1)) / 2 - (m * n) / 2,
    variance: ((m * n) / 12) * (m + n + 1 - ties / ((m + n) * (m + n - 1))),
  };
}

/**
 * How many standard errors the ranks of `a` are above those of `b`, within cells: the sum over the cells, each weighted by the inverse of its
 * size (van Elteren 1960). With a single cell it is the z-score of Mann and Whitney, without a correction for continuity. A cell that only
 * one of both has says nothing.
 */
export function rankScore(a: Float64Array, b: Float64Array, cellsOfA?: Uint32Array, cellsOfB?: Uint32Array): number {
  const cells =
    1 +
    Math.max(...[cellsOfA, cellsOfB].map((labels) => labels?.reduce((most, label) => Math.max(most, label), 0) ?? 0));
  let [sum, variance] = [0, 0];
  for (let cell = 0; cell < cells; cell++) {
    const inA = a.filter((_, row) => (cellsOfA?.[row] ?? 0) === cell);
    const inB = b.filter((_, row) => (cellsOfB?.[row] ?? 0) === cell);
    if (inA.length === 0 || inB.length === 0) continue;
    const weight = 1 / (inA.length + inB.length + 1);
    const found = rankStatistic(inA, inB);
    sum += weight * found.difference;
    variance += weight * weight * found.variance;
  }
  return sum === 0 ? 0 : sum / Math.sqrt(variance);
}

/**
 * A test for copying: are generated samples nearer to the training set than samples that were held out? It is calibrated by the latter, so
 * that it needs no threshold chosen by eye. It cannot see a copy that its features cannot see.
 * Source: Meehan, Chaudhuri and Dasgupta 2020, section 3, whose mean over the cells is here a sum that is a z-score again.
 * @throws GanKitError `invalid-argument` for a quantile that is not between 0 and 1, or more cells than training samples, `incompatible` for features of different dimensions,
 *   `invalid-shape` for an empty set.
 */
export function copying({ training, heldOut, generated }: CopyingSets, options: CopyingOptions = {}): Copying {
  checkOptions('copying', options, { quantile: 'optional', cells: 'optional', random: 'optional' });
  const { quantile = 0.01, random = new RandomStream('copying') } = options;
  const { cells = Math.min(10, Math.max(1, Math.floor(training.values.length / training.dimensions / 50))) } = options;
  checkInteger('cells', cells);
  checkNumber('quantile', quantile, 0, 1);
  const { distances: expected, indices: nearestOfHeldOut } = nearestNeighbours(training, heldOut);
  const { distances, indices } = nearestNeighbours(training, generated);
  const clusters = kMeans(training, cells, random);
  // A sample is in the cell of the training sample that it is nearest to.
  const score = rankScore(
    distances,
    expected,
    indices.map((nearest) => clusters.labels[nearest]!),
    nearestOfHeldOut.map((nearest) => clusters.labels[nearest]!),
  );
  const threshold = Float64Array.from(expected).sort()[Math.floor(quantile * (expected.length - 1))];
  if (threshold === undefined) throw new GanKitError('invalid-shape', 'There is no held-out sample.', { value: 0 });
  return {
    score,
    pValue: normalProbability(score),
    closeShare: distances.reduce((close, distance) => close + (distance < threshold ? 1 : 0), 0) / distances.length,
    threshold,
    nearest: indices,
    distances,
  };
}
