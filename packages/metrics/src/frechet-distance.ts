// The Fréchet distance between two Gaussians that have the moments of two sets of features: FID, with Inception's features.
import { checkChoice, checkOptions, GanKitError } from '@gankit/core';
import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import { innerProducts } from './inner-products.ts';
import type { Moments } from './moments.ts';
import { semidefiniteFactor } from './semidefinite-factor.ts';

export const covarianceForms = ['full', 'diagonal', 'none'] as const;

export interface FrechetDistanceOptions {
  /**
   * What is compared besides the means: the `full` covariances (the default), only the variances of each feature (`diagonal`), which
   * fewer samples suffice for, or nothing (`none`).
   */
  readonly covariance?: (typeof covarianceForms)[number] | undefined;
  /** Told, in a sentence, when there are too few samples for what is compared; nobody is when absent. */
  readonly onNote?: ((sentence: string) => void) | undefined;
}

/** tr (S1 S2)^1/2, the sum of the singular values of F1' F2: no root is taken of a product, so rounding is not magnified. */
function traceOfRoot(a: Moments, b: Moments): number {
  const [f, g] = [semidefiniteFactor(a.covariance, a.dimensions), semidefiniteFactor(b.covariance, b.dimensions)];
  if (f.rank === 0 || g.rank === 0) return 0;
  const columnsOf = ({ values, rank }: typeof f) => {
    const columns = new Float64Array(values.length);
    for (let at = 0; at < values.length; at++)
      columns[(at % rank) * a.dimensions + Math.floor(at / rank)] = values[at]!;
    return columns;
  };
  const products = new Float64Array(f.rank * g.rank);
  innerProducts(columnsOf(f), f.rank, columnsOf(g), g.rank, a.dimensions, products);
  const { diagonal } = new SingularValueDecomposition(Matrix.from1DArray(f.rank, g.rank, products), {
    computeLeftSingularVectors: false,
    computeRightSingularVectors: false,
    autoTranspose: true,
  });
  return diagonal.reduce((sum, value) => sum + value, 0);
}

/** What the covariances add. */
function covarianceTerm(a: Moments, b: Moments, form: 'full' | 'diagonal'): number {
  const { dimensions } = a;
  let trace = 0;
  for (let at = 0; at < dimensions * dimensions; at += dimensions + 1) {
    const [s, t] = [a.covariance[at]!, b.covariance[at]!];
    // The square of the difference of two roots loses no digits where they are nearly the same.
    trace += form === 'full' ? s + t : (Math.sqrt(s) - Math.sqrt(t)) ** 2;
  }
  return form === 'full' ? trace - 2 * traceOfRoot(a, b) : trace;
}

function sameNumbers(a: Float64Array, b: Float64Array): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}

/**
 * |mean1 - mean2|^2 + tr(S1 + S2 - 2 (S1 S2)^1/2): 0 for equal moments, and never negative.
 *
 * It is biased: with fewer samples it is larger, so only distances of equally many samples can be compared.
 * Source: Heusel et al. 2017; Dowson and Landau 1982.
 *
 * @throws GanKitError `incompatible` for moments of different dimensions, and for options that are unknown.
 */
export function frechetDistance(reference: Moments, generated: Moments, options: FrechetDistanceOptions = {}): number {
  checkOptions('frechetDistance', options, { covariance: 'optional', onNote: 'optional' });
  const { covariance = 'full', onNote } = options;
  checkChoice('form of the covariance', covariance, covarianceForms);
  const { dimensions } = reference;
  if (generated.dimensions !== dimensions) {
    throw new GanKitError(
      'incompatible',
      `The reference has moments of ${dimensions} features and the generated samples of ${generated.dimensions}; take both from one extractor.`,
      { value: generated.dimensions },
    );
  }
  const fewest = Math.min(reference.count, generated.count);
  if (covariance === 'full' && fewest <= dimensions) {
    onNote?.(
      `A covariance of ${dimensions} features from ${fewest} samples is singular, and the distance too large; take more than ${dimensions}, or covariance: 'diagonal'.`,
    );
  }
  const means = reference.mean.reduce((sum, value, index) => sum + (value - generated.mean[index]!) ** 2, 0);
  if (covariance === 'none') return means;
  if (sameNumbers(reference.covariance, generated.covariance)) return means;
  return Math.max(means + covarianceTerm(reference, generated, covariance), 0);
}
