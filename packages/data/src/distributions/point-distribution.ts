// What all 2-D toy distributions share: points drawn without end, scaled into [-1, 1].
import { type BatchOptions, checkInteger, type DataSource, type RandomStream } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { batchStream } from '../batch-stream.ts';

/** A distribution over points of the plane that one can draw from without end. */
export interface PointDistribution extends DataSource {
  readonly shape: readonly [2];
  /** A sample times this number is in the distribution's own units, those of the parameters it was made with. */
  readonly scale: number;
  /** The centres of the modes in the distribution's own units, if it has modes: what mode coverage is measured against. */
  readonly modes?: readonly (readonly [number, number])[];
  /** The standard deviation of each mode in the distribution's own units, if it has modes. */
  readonly standardDeviation?: number;
  /** `count` fresh points in [-1, 1], x and y in turn. */
  draw(count: number, random: RandomStream): Float32Array;
}

/** One point in the distribution's own units, and the mode or class that it belongs to. */
export type PointSampler = (random: RandomStream) => { readonly x: number; readonly y: number; readonly label: number };

/** What a toy distribution is made of. */
export interface PointDistributionOptions {
  readonly name: string;
  /** Every coordinate lies within -bound and bound; draws that fall outside are drawn again. */
  readonly bound: number;
  readonly sampler: PointSampler;
  readonly modes?: readonly (readonly [number, number])[];
  readonly standardDeviation?: number;
  readonly classNames?: readonly string[];
}

/** Makes a data source of a function that draws one point. */
export function pointDistribution(options: PointDistributionOptions): PointDistribution {
  const { name, bound, sampler, modes, standardDeviation, classNames } = options;

  function fill(count: number, random: RandomStream): { points: Float32Array; labels: Int32Array } {
    const points = new Float32Array(2 * count);
    const labels = new Int32Array(count);
    for (let index = 0; index < count; ) {
      const { x, y, label } = sampler(random);
      if (Math.abs(x) > bound || Math.abs(y) > bound) continue;
      points[2 * index] = x / bound;
      points[2 * index + 1] = y / bound;
      labels[index++] = label;
    }
    return { points, labels };
  }

  return {
    name,
    shape: [2],
    scale: bound,
    ...(modes === undefined ? {} : { modes }),
    ...(standardDeviation === undefined ? {} : { standardDeviation }),
    ...(classNames === undefined ? {} : { classNames }),
    draw: (count, random) => fill(count, random).points,
    batches({ batchSize, random }: BatchOptions) {
      checkInteger('batchSize', batchSize);
      return batchStream(
        () => {
          const { points, labels } = fill(batchSize, random);
          return { data: tf.tensor2d(points, [batchSize, 2]), labels: tf.tensor1d(labels, 'int32') };
        },
        {
          saveState: () => ({ values: { random: { ...random.saveState() } } }),
          loadState: ({ values }) => random.loadState(values?.['random'] as never),
        },
      );
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
