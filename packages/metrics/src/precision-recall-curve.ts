// PRD curves: every trade between precision and recall that describes a generator, from histograms of real and generated samples.
import { checkInteger, checkNumber, checkOptions, GanKitError, RandomStream } from '@gankit/core';
import { countBoth, type Features } from './features.ts';
import { kMeans } from './k-means.ts';

/** A curve: `precision[i]` and `recall[i]` for each angle, from pure recall to pure precision. */
export interface PrecisionRecallCurve {
  readonly precision: Float64Array;
  readonly recall: Float64Array;
}

export interface HistogramCurveOptions {
  /** Angles, evenly from 0 to 90 degrees; 1,001 when absent. */
  readonly angles?: number | undefined;
}

/** Keeps slopes away from 0 and infinity, as in the paper's code. */
const smallestAngle = 1e-10;

function distributionOf(what: string, counts: ArrayLike<number>): Float64Array {
  const total = Array.prototype.reduce.call(counts, (sum, count) => (sum as number) + (count as number), 0) as number;
  const valid =
    Array.prototype.every.call(counts, (count: number) => count >= 0) && total > 0 && Number.isFinite(total);
  if (valid) return Float64Array.from(counts, (count) => count / total);
  throw new GanKitError('invalid-argument', `${what} must be counts of at least 0, one of them above.`, {
    value: total,
  });
}

/**
 * The curve of two histograms over the same bins: precision(lambda) = sum min(lambda p, q), recall(lambda) = precision / lambda.
 * Source: Sajjadi et al. 2018, equations 4 and 5.
 * @throws GanKitError `incompatible` for histograms of different lengths, `invalid-argument` for counts that make no sense.
 */
export function histogramCurve(
  reference: ArrayLike<number>,
  generated: ArrayLike<number>,
  options: HistogramCurveOptions = {},
): PrecisionRecallCurve {
  checkOptions('histogramCurve', options, { angles: 'optional' });
  const { angles = 1001 } = options;
  checkInteger('angles', angles, 2);
  if (reference.length !== generated.length) {
    throw new GanKitError(
      'incompatible',
      `The reference has ${reference.length} bins and the generated samples ${generated.length}; count both over the same bins.`,
    );
  }
  const p = distributionOf('The reference counts', reference);
  const q = distributionOf('The generated counts', generated);
  const [precision, recall] = [new Float64Array(angles), new Float64Array(angles)];
  for (let index = 0; index < angles; index++) {
    const angle = smallestAngle + (index / (angles - 1)) * (Math.PI / 2 - 2 * smallestAngle);
    const slope = Math.tan(angle);
    const shared = p.reduce((sum, share, bin) => sum + Math.min(slope * share, q[bin]!), 0);
    precision[index] = Math.min(shared, 1);
    recall[index] = Math.min(shared / slope, 1);
  }
  return { precision, recall };
}

export interface FeatureCurveOptions extends HistogramCurveOptions {
  /** Clusters of all features together, which are the bins; 20 when absent. */
  readonly clusters?: number | undefined;
  /** Clusterings whose curves are averaged; 10 when absent. */
  readonly repetitions?: number | undefined;
  /** Where the clusterings begin; a stream of its own, the same each time, when absent. */
  readonly random?: RandomStream | undefined;
}

/**
 * The curve of features: real and generated ones are clustered together, and the clusters are counted.
 * Source: Sajjadi et al. 2018, section 3.3. The paper takes as many real as generated samples.
 * @throws GanKitError `incompatible` for features of different dimensions, `invalid-argument` for more clusters than samples.
 */
export function precisionRecallCurve(
  reference: Features,
  generated: Features,
  options: FeatureCurveOptions = {},
): PrecisionRecallCurve {
  checkOptions('precisionRecallCurve', options, {
    angles: 'optional',
    clusters: 'optional',
    repetitions: 'optional',
    random: 'optional',
  });
  const { angles, clusters = 20, repetitions = 10, random = new RandomStream('precision-recall-curve') } = options;
  checkInteger('repetitions', repetitions);
  const [real, made] = countBoth(reference, generated);
  const { dimensions } = reference;
  const values = new Float64Array((real + made) * dimensions);
  values.set(reference.values);
  values.set(generated.values, real * dimensions);
  const curves = Array.from({ length: repetitions }, () => {
    const { labels } = kMeans({ values, dimensions }, clusters, random);
    const [p, q] = [new Float64Array(clusters), new Float64Array(clusters)];
    labels.forEach((label, row) => {
      (row < real ? p : q)[label]!++;
    });
    return histogramCurve(p, q, { angles });
  });
  const mean = (which: 'precision' | 'recall') =>
    curves[0]![which].map((_, index) => curves.reduce((sum, curve) => sum + curve[which][index]!, 0) / repetitions);
  return { precision: mean('precision'), recall: mean('recall') };
}

/**
 * The largest F_beta on a curve, 0 to 1: beta above 1 weighs recall more. F_8 and F_1/8 are the pair of numbers that the paper reports.
 * @throws GanKitError `invalid-argument` for a beta that is not above 0.
 */
export function largestFScore({ precision, recall }: PrecisionRecallCurve, beta: number): number {
  checkNumber('beta', beta, Number.MIN_VALUE);
  const weight = beta * beta;
  return precision.reduce((most, p, index) => {
    const r = recall[index]!;
    const score = p + r === 0 ? 0 : ((1 + weight) * p * r) / (weight * p + r);
    return Math.max(most, score);
  }, 0);
}
