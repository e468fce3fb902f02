import { checkInteger, checkNumber, checkOptions } from '@gankit/core';
import { gaussianMixture, type PointDistribution } from './point-distribution.ts';

export interface GridOfGaussiansOptions {
  /** Modes along each side; 5 by default, which makes 25. */
  readonly side?: number | undefined;
  /** Distance between neighbouring modes; 2 by default. */
  readonly spacing?: number | undefined;
  /** Standard deviation of each mode; 0.05 by default, as in the mode-coverage tables of PacGAN (Lin 2018). */
  readonly standardDeviation?: number | undefined;
}

/**
 * Gaussians on a square grid around the origin (Dumoulin 2017, Srivastava 2017).
 * @throws GanKitError `invalid-argument` for fewer than one mode or a size that is not positive.
 */
export function gridOfGaussians(options: GridOfGaussiansOptions = {}): PointDistribution {
  checkOptions('gridOfGaussians', options, { side: 'optional', spacing: 'optional', standardDeviation: 'optional' });
  const { side = 5, spacing = 2, standardDeviation = 0.05 } = options;
  checkInteger('side', side);
  checkNumber('spacing', spacing, Number.MIN_VALUE);
  checkNumber('standardDeviation', standardDeviation, 0);
  const middle = (side - 1) / 2;
  const centres = Array.from(
    { length: side * side },
    (_, index) => [((index % side) - middle) * spacing, (Math.floor(index / side) - middle) * spacing] as const,
  );
  return gaussianMixture('grid', centres, standardDeviation);
}
