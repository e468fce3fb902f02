// A classifier that is fitted in one step: Gaussians of one covariance. What GAN-train learns from generated features.
import { checkInteger, GanKitError } from '@gankit/core';
import { LuDecomposition, Matrix } from 'ml-matrix';
import { checkLabels } from './classification.ts';
import { countRows, type Features, takeRows } from './features.ts';
import { momentsOf } from './moments.ts';

/** A classifier of features. */
export interface FeatureClassifier {
  /** The most likely class of each row; of equally likely ones the lower. */
  classify(features: Features): Uint32Array;
}

/** Share of the mean variance that is added to every variance, so that constant features do no harm. */
const ridge = 1e-6;

/** Rows of each class. */
export function rowsByClass(labels: ArrayLike<number>, classes: number): readonly number[][] {
  const rows = Array.from({ length: classes }, (): number[] => []);
  for (let row = 0; row < labels.length; row++) rows[labels[row]!]!.push(row);
  return rows;
}

/**
 * Linear discriminant analysis: each class a Gaussian around its mean, all with the covariance within the classes. The optimum for such data,
 * with nothing to tune and nothing random; a class without samples is never found.
 * Source: Hastie, Tibshirani and Friedman 2009, section 4.3.
 * @param labels The class of each row.
 * @throws GanKitError `invalid-data` for labels that are no classes, `incompatible` for another number of labels than rows, `invalid-shape` when
 *   no class has two rows.
 */
export function linearDiscriminant(features: Features, labels: ArrayLike<number>, classes: number): FeatureClassifier {
  checkInteger('classes', classes);
  const count = countRows('the features', features);
  const { dimensions } = features;
  checkLabels('labels', labels, classes);
  if (labels.length !== count) {
    throw new GanKitError('incompatible', `There are ${count} rows of features and ${labels.length} labels.`);
  }
  const within = new Float64Array(dimensions * dimensions);
  const means = rowsByClass(labels, classes).map((rows) => {
    if (rows.length === 0) return undefined;
    const some = takeRows(features, rows);
    if (rows.length === 1) return { mean: some.values as Float64Array, share: 1 / count };
    const { mean, covariance } = momentsOf(some);
    for (let at = 0; at < within.length; at++) within[at]! += (covariance[at]! * (rows.length - 1)) / count;
    return { mean, share: rows.length / count };
  });
  let trace = 0;
  for (let at = 0; at < within.length; at += dimensions + 1) trace += within[at]!;
  if (trace === 0) {
    throw new GanKitError(
      'invalid-shape',
      'No class has two different rows, so nothing is known of the spread within a class; give more samples.',
    );
  }
  for (let at = 0; at < within.length; at += dimensions + 1) within[at]! += (ridge * trace) / dimensions;
  const decomposition = new LuDecomposition(Matrix.from1DArray(dimensions, dimensions, within));
  const scores = means.map((known) => {
    if (known === undefined) return undefined;
    const weights = decomposition.solve(Matrix.columnVector(known.mean)).to1DArray();
    const half = weights.reduce((sum, weight, at) => sum + weight * known.mean[at]!, 0) / 2;
    return { weights, offset: Math.log(known.share) - half };
  });
  return {
    classify(rows) {
      const found = new Uint32Array(countRows('the features', rows));
      for (let row = 0; row < found.length; row++) {
        let best = Number.NEGATIVE_INFINITY;
        scores.forEach((score, label) => {
          if (score === undefined) return;
          let value = score.offset;
          for (let at = 0; at < dimensions; at++) value += score.weights[at]! * rows.values[row * dimensions + at]!;
          if (value > best) [best, found[row]] = [value, label];
        });
      }
      return found;
    },
  };
}
