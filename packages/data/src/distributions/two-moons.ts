import { checkNumber, checkOptions } from '@gankit/core';
import { gaussianReach, type PointDistribution, pointDistribution } from './point-distribution.ts';

export interface TwoMoonsOptions {
  /** Standard deviation of the noise around each half circle of radius 1; 0.05 by default. */
  readonly noise?: number | undefined;
}

/**
 * Two interleaved half circles, class 0 the upper and class 1 the lower, as scikit-learn's `make_moons` draws them but
 * moved so that the pair is centred on the origin.
 * @throws GanKitError `invalid-argument` for negative noise.
 */
export function twoMoons(options: TwoMoonsOptions = {}): PointDistribution {
  checkOptions('twoMoons', options, { noise: 'optional' });
  const { noise = 0.05 } = options;
  checkNumber('noise', noise, 0);
  return pointDistribution({
    name: 'two-moons',
    bound: 1.5 + gaussianReach * noise,
    classNames: ['upper', 'lower'],
    sampler(random) {
      const label = random.integer(2);
      const angle = Math.PI * random.uniform();
      const [x, y] = label === 0 ? [Math.cos(angle), Math.sin(angle)] : [1 - Math.cos(angle), 0.5 - Math.sin(angle)];
      return { x: x - 0.5 + noise * random.normal(), y: y - 0.25 + noise * random.normal(), label };
    },
  });
}
