// The sliced Wasserstein distance: the mean over directions of the distance of the projections, which is exact on a line.
import { checkInteger, checkNumber, checkOptions, GanKitError, RandomStream } from '@gankit/core';
import { countBoth, type Features } from './features.ts';
import { innerProducts } from './inner-products.ts';
import { sortedWasserstein } from './wasserstein-1d.ts';

export interface SlicedWassersteinOptions {
  /** How many directions are drawn evenly, 512 when absent; or the directions themselves, unit vectors one after another. */
  readonly directions?: number | Float64Array | undefined;
  /** 1 (the default) or 2, or any other number of at least 1. */
  readonly order?: number | undefined;
  /** Where the directions are drawn from; a stream of its own, the same each time, when absent. */
  readonly random?: RandomStream | undefined;
}

/** Unit vectors that point anywhere with equal likelihood: [count, dimensions]. */
function drawDirections(count: number, dimensions: number, random: RandomStream): Float64Array {
  const directions = Float64Array.from(random.normals(count * dimensions));
  for (let from = 0; from < directions.length; from += dimensions) {
    const one = directions.subarray(from, from + dimensions);
    const norm = Math.sqrt(one.reduce((sum, value) => sum + value * value, 0));
    for (let at = 0; at < dimensions; at++) one[at]! /= norm;
  }
  return directions;
}

/**
 * (mean over directions of W_order^order)^(1/order), for sets of any sizes.
 * Source: Rabin et al. 2011; Karras et al. 2018, section 5, with order 1.
 * @throws GanKitError `incompatible` for rows of different lengths, `invalid-shape` for directions that are not whole rows of that length.
 */
export function slicedWasserstein(
  reference: Features,
  generated: Features,
  options: SlicedWassersteinOptions = {},
): number {
  checkOptions('slicedWasserstein', options, { directions: 'optional', order: 'optional', random: 'optional' });
  const { directions = 512, order = 1, random = new RandomStream('sliced-wasserstein') } = options;
  checkNumber('order', order, 1);
  const counts = countBoth(reference, generated);
  const { dimensions } = reference;
  if (typeof directions === 'number') checkInteger('directions', directions);
  else if (directions.length === 0 || directions.length % dimensions !== 0) {
    throw new GanKitError('invalid-shape', `directions must be whole rows of ${dimensions} numbers, at least one.`, {
      value: directions.length,
    });
  }
  const rows = typeof directions === 'number' ? drawDirections(directions, dimensions, random) : directions;
  const count = rows.length / dimensions;
  const [x, y] = [Float64Array.from(reference.values), Float64Array.from(generated.values)];
  const project = (direction: Float64Array, points: Float64Array, length: number) => {
    const onLine = new Float64Array(length);
    innerProducts(direction, 1, points, length, dimensions, onLine);
    return onLine.sort();
  };
  let total = 0;
  for (let index = 0; index < count; index++) {
    const direction = rows.subarray(index * dimensions, (index + 1) * dimensions);
    total += sortedWasserstein(project(direction, x, counts[0]), project(direction, y, counts[1]), order);
  }
  return (total / count) ** (1 / order);
}
