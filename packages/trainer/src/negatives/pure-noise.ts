import type { Negatives } from '@gankit/core';
import { type NoiseOptions, noiseSource } from './noise.ts';

/**
 * Negatives that are noise and nothing else: the discriminator never sees what the generator makes, and learns only to tell real
 * samples from static. Every number is drawn on its own, by default uniformly in [-1, 1).
 * @throws GanKitError `invalid-argument` for a standard deviation that is not above 0, or of uniform noise.
 */
export function pureNoise(options: NoiseOptions = {}): Negatives {
  const noise = noiseSource(options);
  return {
    name: 'pure-noise',
    fromLatent: false,
    sample: ({ real, random }) => ({ samples: noise(real.shape, random), fromLatent: false }),
  };
}
