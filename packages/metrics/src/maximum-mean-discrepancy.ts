// How far apart two distributions are by the word of a kernel: 0 only when they are the same, for a kernel such as the Gaussian.
import { checkOptions } from '@gankit/core';
import { countBoth, type Features } from './features.ts';
import { innerProducts } from './inner-products.ts';
import type { Kernel } from './kernels.ts';
import { centred, squares } from './pairwise.ts';

export interface MaximumMeanDiscrepancyOptions {
  readonly kernel: Kernel;
  /**
   * Leaves a sample's similarity to itself out, so that the expected value for equal distributions is 0 and single values may be negative
   * (`unbiased`, the default); or keeps it, so that the value is never negative and exactly 0 for equal sets.
   */
  readonly estimate?: 'unbiased' | 'biased' | undefined;
}

const rowsAtATime = 64;

/** Sum of the similarities of all pairs; of a set with itself without those of a row to itself. */
export function sumOfSimilarities(kernel: Kernel, a: Features, b: Features, withItself: boolean): number {
  const { dimensions } = a;
  const [x, y] = [Float64Array.from(a.values), Float64Array.from(b.values)];
  const [squaresOfX, squaresOfY] = [squares(x, dimensions), squares(y, dimensions)];
  const columns = squaresOfY.length;
  const products = new Float64Array(rowsAtATime * columns);
  let total = 0;
  for (let from = 0; from < squaresOfX.length; from += rowsAtATime) {
    const rows = Math.min(rowsAtATime, squaresOfX.length - from);
    innerProducts(x.subarray(from * dimensions, (from + rows) * dimensions), rows, y, columns, dimensions, products);
    for (let i = 0; i < rows; i++) {
      let sum = 0;
      for (let j = 0; j < columns; j++) {
        if (withItself && from + i === j) continue;
        sum += kernel.similarity(products[i * columns + j]!, squaresOfX[from + i]!, squaresOfY[j]!);
      }
      total += sum;
    }
  }
  return total;
}

/**
 * The square of the maximum mean discrepancy: E k(x, x') + E k(y, y') - 2 E k(x, y).
 * Source: Gretton et al. 2012, equations 3 and 5.
 * @throws GanKitError `invalid-shape` for fewer than two rows, `incompatible` for rows of different lengths, `numerical` for a number that
 *   is not finite.
 */
export function maximumMeanDiscrepancy(
  reference: Features,
  generated: Features,
  options: MaximumMeanDiscrepancyOptions,
): number {
  checkOptions('maximumMeanDiscrepancy', options, { kernel: 'required', estimate: 'optional' });
  const { kernel, estimate = 'unbiased' } = options;
  const [m, n] = countBoth(reference, generated, 2);
  // A Gaussian looks at differences alone, and differences of numbers near 0 have more digits.
  const [x, y] = kernel.name === 'gaussian' ? centred(reference, generated) : [reference, generated];
  const own = (rows: Features, count: number) =>
    sumOfSimilarities(kernel, rows, rows, estimate === 'unbiased') /
    (estimate === 'unbiased' ? count * (count - 1) : count * count);
  return own(x, m) + own(y, n) - (2 * sumOfSimilarities(kernel, x, y, false)) / (m * n);
}
