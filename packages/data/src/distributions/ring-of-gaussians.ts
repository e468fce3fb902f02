import { checkInteger, checkNumber, checkOptions } from '@gankit/core';
import { gaussianMixture, type PointDistribution } from './point-distribution.ts';

export interface RingOfGaussiansOptions {
  /** Number of modes; 8 by default. */
  readonly modes?: number | undefined;
  /** Distance of each mode from the origin; 1 by default. */
  readonly radius?: number | undefined;
  /** Standard deviation of each mode; 0.01 by default, as in the mode-coverage tables of PacGAN (Lin 2018). */
  readonly standardDeviation?: number | undefined;
}

/**
 * Gaussians at equal distances on a circle: the standard test for mode collapse (Metz 2017, Srivastava 2017).
 * @throws GanKitError `invalid-argument` for fewer than one mode or a size that is not positive.
 */
export function ringOfGaussians(options: RingOfGaussiansOptions = {}): PointDistribution {
  checkOptions('ringOfGaussians', options, { modes: 'optional', radius: 'optional', standardDeviation: 'optional' });
  const { modes = 8, radius = 1, standardDeviation = 0.01 } = options;
  checkInteger('modes', modes);
  checkNumber('radius', radius, Number.MIN_VALUE);
  checkNumber('standardDeviation', standardDeviation, 0);
  const centres = Array.from({ length: modes }, (_, index) => {
    const angle = (2 * Math.PI * index) / modes;
    return [radius * Math.cos(angle), radius * Math.sin(angle)] as const;
  });
  return gaussianMixture('ring', centres, standardDeviation);
}
