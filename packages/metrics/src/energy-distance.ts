// The energy distance: how much farther apart samples of two sets are than samples of the same set.
import { countBoth, type Features } from './features.ts';
import { distanceBlocks } from './pairwise.ts';

function meanDistance(a: Features, b: Features, pairs: number): number {
  let total = 0;
  for (const { rows, columns, squared } of distanceBlocks(a, b)) {
    for (let at = 0; at < rows * columns; at++) total += Math.sqrt(squared[at]!);
  }
  return total / pairs;
}

/**
 * (2 E|X - Y| - E|X - X'| - E|Y - Y'|)^1/2 over all pairs, exactly, in any number of dimensions: 0 only for equal sets.
 * Source: Székely and Rizzo 2013, equation 2.1; the root is that of scipy.stats.energy_distance.
 * @throws GanKitError `incompatible` for rows of different lengths, `numerical` for a number that is not finite.
 */
export function energyDistance(reference: Features, generated: Features): number {
  const [m, n] = countBoth(reference, generated);
  const squared =
    2 * meanDistance(reference, generated, m * n) -
    meanDistance(reference, reference, m * m) -
    meanDistance(generated, generated, n * n);
  return Math.sqrt(Math.max(squared, 0));
}
