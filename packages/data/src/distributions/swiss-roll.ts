import { checkNumber, checkOptions } from '@gankit/core';
import { gaussianReach, type PointDistribution, pointDistribution } from './point-distribution.ts';

export interface SwissRollOptions {
  /** Standard deviation of the noise around the spiral, whose outer radius is 4.5 pi; 0.5 by default. */
  readonly noise?: number | undefined;
}

/**
 * A spiral: angle t uniform over 1.5 pi to 4.5 pi, point t (cos t, sin t), the plane of scikit-learn's `make_swiss_roll`.
 * @throws GanKitError `invalid-argument` for negative noise.
 */
export function swissRoll(options: SwissRollOptions = {}): PointDistribution {
  checkOptions('swissRoll', options, { noise: 'optional' });
  const { noise = 0.5 } = options;
  checkNumber('noise', noise, 0);
  return pointDistribution({
    name: 'swiss-roll',
    bound: 4.5 * Math.PI + gaussianReach * noise,
    sampler(random) {
      const angle = 1.5 * Math.PI * (1 + 2 * random.uniform());
      return {
        x: angle * Math.cos(angle) + noise * random.normal(),
        y: angle * Math.sin(angle) + noise * random.normal(),
        label: 0,
      };
    },
  });
}
