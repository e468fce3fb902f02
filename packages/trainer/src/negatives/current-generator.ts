import type { Negatives } from '@gankit/core';

/** Negatives from the generator as it is now: the game of Goodfellow 2014. */
export const currentGenerator: Negatives = {
  name: 'current-generator',
  sample({ generator, latent, condition }) {
    const ofCondition = condition === undefined ? {} : { condition };
    const samples = generator.generate(latent, { training: true, updateState: false, ...ofCondition });
    return { samples, fromLatent: true };
  },
};
