// What all 2-D toy distributions share: points drawn without end, scaled into [-1, 1].
import { checkInteger, checkNumber, checkOptions, type DataSource, GanKitError, type RandomStream } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { drawnSource } from '../drawn-source.ts';

/** A distribution over points of the plane that one can draw from without end. */
export interface PointDistribution extends DataSource {
  readonly kind: 'points';
  readonly shape: readonly [2];
  /** A sample times this number is in the distribution's own units, those of the parameters it was made with. */
  readonly scale: number;
  /** The centres of the modes in the distribution's own units, if it has modes: what mode coverage is measured against. */
  readonly modes?: readonly (readonly [number, number])[] | undefined;
  /** The standard deviation of each mode in the distribution's own units, if it has modes. */
  readonly standardDeviation?: number | undefined;
  /** `count` fresh points in [-1, 1], x and y in turn. It moves `random` on: the next call gives other points. */
  draw(count: number, random: RandomStream): Float32Array;
}

/** One point in the distribution's own units, and the mode or class that it belongs to. */
export type PointSampler = (random: RandomStream) => { readonly x: number; readonly y: number; readonly label: number };

/** What a toy distribution is made of. */
export interface PointDistributionOptions {
  readonly name: string;
  /** Every coordinate lies within -bound and bound; draws that fall outside are drawn again. */
  readonly bound: number;
  /** Draws one point; every call moves the stream on. */
  readonly sampler: PointSampler;
  readonly modes?: readonly (readonly [number, number])[] | undefined;
  readonly standardDeviation?: number | undefined;
  readonly classNames?: readonly string[] | undefined;
}

/** Draws in a row that may fall outside the bound before the bound itself is taken to be wrong. */
const patience = 1000;

/**
 * Makes a data source of a function that draws one point.
 * @throws GanKitError `invalid-argument` for a bound that is not above 0. Drawing throws `invalid-data` when the sampler does not come
 *   within the bound.
 */
export function pointDistribution(options: PointDistributionOptions): PointDistribution {
  checkOptions('pointDistribution', options, {
    name: 'required',
    bound: 'required',
    sampler: 'required',
    modes: 'optional',
    standardDeviation: 'optional',
    classNames: 'optional',
  });
  const { name, bound, sampler, modes, standardDeviation, classNames } = options;
  checkNumber('bound', bound, Number.MIN_VALUE);

  function drawInside(random: RandomStream): ReturnType<PointSampler> {
    let point = sampler(random);
    for (let draws = 1; !(Math.abs(point.x) <= bound && Math.abs(point.y) <= bound); draws++) {
      if (draws === patience) {
        throw new GanKitError(
          'invalid-data',
          `'${name}' drew ${patience} points in a row that are not within its bound of ${bound}, the last (${point.x}, ${point.y}); raise the bound or look at the sampler.`,
          { value: point },
        );
      }
      point = sampler(random);
    }
    return point;
  }

  function fill(count: number, random: RandomStream): { points: Float32Array; labels: Int32Array } {
    const points = new Float32Array(2 * count);
    const labels = new Int32Array(count);
    for (let index = 0; index < count; index++) {
      const { x, y, label } = drawInside(random);
      points[2 * index] = x / bound;
      points[2 * index + 1] = y / bound;
      labels[index] = label;
    }
    return { points, labels };
  }

  const shape = [2] as const;
  const source = drawnSource({
    name,
    kind: 'points',
    shape,
    classNames,
    scale: bound,
    draw(count, random) {
      const { points, labels } = fill(count, random);
      return { data: tf.tensor2d(points, [count, 2]), labels: tf.tensor1d(labels, 'int32') };
    },
  });
  return {
    ...source,
    kind: 'points',
    shape,
    scale: bound,
    modes,
    standardDeviation,
    draw(count, random) {
      checkInteger('count', count);
      return fill(count, random).points;
    },
  };
}

/** How far from its mode's centre, in standard deviations, a Gaussian draw may lie: one in 1.7 million falls outside. */
export const gaussianReach = 5;

/** A mixture of equally likely round Gaussians. */
export function gaussianMixture(
  name: string,
  modes: readonly (readonly [number, number])[],
  standardDeviation: number,
): PointDistribution {
  const farthest = Math.max(...modes.flat().map(Math.abs));
  return pointDistribution({
    name,
    bound: farthest + gaussianReach * standardDeviation,
    modes,
    standardDeviation,
    classNames: modes.map((_, index) => `mode ${index}`),
    sampler(random) {
      const label = random.integer(modes.length);
      const [x, y] = modes[label]!;
      return { x: x + standardDeviation * random.normal(), y: y + standardDeviation * random.normal(), label };
    },
  });
}
