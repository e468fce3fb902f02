// The Fréchet distance that infinitely many samples would have: without the bias that makes it depend on their number.
import { checkInteger, checkOptions, GanKitError, RandomStream } from '@gankit/core';
import { countRows, type Features, takeRows } from './features.ts';
import { type FrechetDistanceOptions, frechetDistance } from './frechet-distance.ts';
import { type Moments, momentsOf } from './moments.ts';

export interface FrechetInfinityOptions extends Pick<FrechetDistanceOptions, 'covariance'> {
  /** Sizes at which the distance is measured, evenly from `smallest` to all samples; 15 when absent. */
  readonly sizes?: number | undefined;
  /** The smallest size; when absent a third of the samples, or one more than the features where that is more. */
  readonly smallest?: number | undefined;
  /** Where the samples of each size are drawn from; a stream of its own, the same each time, when absent. */
  readonly random?: RandomStream | undefined;
}

export interface FrechetInfinity {
  /** The distance at 1/N = 0: where the fitted line begins. Noise can take it below 0. */
  readonly distance: number;
  /** The bias is `slope` / N. */
  readonly slope: number;
  /** What was measured: N and the distance of N samples. */
  readonly measured: readonly { readonly samples: number; readonly distance: number }[];
}

/** Least squares through points. */
function fittedLine(points: readonly (readonly [number, number])[]): { intercept: number; slope: number } {
  const mean = (axis: 0 | 1) => points.reduce((sum, point) => sum + point[axis], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  const slope =
    points.reduce((sum, [a, b]) => sum + (a - x) * (b - y), 0) / points.reduce((sum, [a]) => sum + (a - x) ** 2, 0);
  return { intercept: y - slope * x, slope };
}

/**
 * FID-infinity: distances of several numbers of samples lie on a line over 1/N, whose beginning is the distance of infinitely many. It can be
 * compared across numbers of samples.
 * Source: Chong and Forsyth 2020, section 4.
 *
 * @param reference Moments of the data, from as many samples as there are.
 * @throws GanKitError `invalid-shape` for fewer than 4 samples, `invalid-argument` for sizes that make no sense.
 */
export function frechetInfinity(
  reference: Moments,
  generated: Features,
  options: FrechetInfinityOptions = {},
): FrechetInfinity {
  checkOptions('frechetInfinity', options, {
    covariance: 'optional',
    sizes: 'optional',
    smallest: 'optional',
    random: 'optional',
  });
  const count = countRows('the generated features', generated, 4);
  const { covariance, sizes = 15, random = new RandomStream('frechet-infinity') } = options;
  const chosen = Math.min(Math.max(Math.floor(count / 3), generated.dimensions + 1, 2), count - 2);
  const { smallest = chosen } = options;
  checkInteger('sizes', sizes, 2);
  checkInteger('smallest', smallest, 2);
  if (smallest >= count) {
    throw new GanKitError('invalid-argument', `smallest must be below the ${count} samples, not ${smallest}.`, {
      value: smallest,
    });
  }
  const measured = Array.from({ length: sizes }, (_, index) => {
    const samples = Math.round(smallest + ((count - smallest) * index) / (sizes - 1));
    const some = takeRows(generated, random.permutation(count).subarray(0, samples));
    return { samples, distance: frechetDistance(reference, momentsOf(some), { covariance }) };
  });
  const { intercept, slope } = fittedLine(measured.map(({ samples, distance }) => [1 / samples, distance] as const));
  return { distance: intercept, slope, measured };
}
