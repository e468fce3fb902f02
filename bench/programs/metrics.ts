/** The metrics on features that are drawn, each as a step. */

import { RandomStream } from '@gankit/core';
import { type Features, frechetDistance, kernelDistance, momentsOf, nearestNeighbours, prdc } from '@gankit/metrics';

/** Features of this many samples. */
export const SAMPLES = 10_000;

function draw(random: RandomStream, dimensions: number): Features {
  return { values: random.normals(SAMPLES * dimensions), dimensions };
}

/** Steps by name. Inputs are drawn once, before the clock runs. */
export function metricSteps(): Record<string, () => void> {
  const random = new RandomStream('bench metrics');
  const [wide, wider] = [draw(random, 512), draw(random, 512)];
  const [narrow, other] = [draw(random, 64), draw(random, 64)];
  return {
    'Fréchet distance, 512 features': () => frechetDistance(momentsOf(wide), momentsOf(wider)),
    '5 neighbours, 64 features': () => nearestNeighbours(narrow, other, 5),
    'precision, recall, density, coverage, 64 features': () => prdc(narrow, other),
    'kernel distance in 10 blocks, 64 features': () => kernelDistance(narrow, other),
  };
}
