// A square root of a covariance that may be singular: Cholesky's factor with pivots.

/** A matrix of one row for each dimension, and as many columns as the rank. */
export interface Factor {
  /** [dimensions, rank] */
  readonly values: Float64Array;
  readonly rank: number;
}

/**
 * F with F F' = the given matrix, up to rounding. Pivots are chosen, so that it ends at the rank of a singular matrix instead of
 * dividing by what rounding left of 0; the order of the rows is that of the matrix.
 * Source: Higham 2002, Accuracy and Stability of Numerical Algorithms, section 10.3; the tolerance is LAPACK's (dpstrf).
 * @param matrix Symmetric and positive semidefinite: [dimensions, dimensions].
 */
export function semidefiniteFactor(matrix: Float64Array, dimensions: number): Factor {
  const factor = new Float64Array(dimensions * dimensions);
  const remaining = Float64Array.from({ length: dimensions }, (_, i) => matrix[i * (dimensions + 1)]!);
  const order = Uint32Array.from({ length: dimensions }, (_, i) => i);
  const smallest = dimensions * Number.EPSILON * remaining.reduce((most, value) => Math.max(most, value), 0);
  let rank = 0;
  for (; rank < dimensions; rank++) {
    let at = rank;
    for (let i = rank + 1; i < dimensions; i++) if (remaining[order[i]!]! > remaining[order[at]!]!) at = i;
    const pivot = order[at]!;
    if (!(remaining[pivot]! > smallest)) break;
    order[at] = order[rank]!;
    order[rank] = pivot;
    const root = Math.sqrt(remaining[pivot]!);
    factor[pivot * dimensions + rank] = root;
    for (let i = rank + 1; i < dimensions; i++) {
      const row = order[i]!;
      let value = matrix[row * dimensions + pivot]!;
      for (let k = 0; k < rank; k++) value -= factor[row * dimensions + k]! * factor[pivot * dimensions + k]!;
      value /= root;
      factor[row * dimensions + rank] = value;
      remaining[row]! -= value * value;
    }
  }
  const values = new Float64Array(dimensions * rank);
  for (let i = 0; i < dimensions; i++) {
    values.set(factor.subarray(i * dimensions, i * dimensions + rank), i * rank);
  }
  return { values, rank };
}
