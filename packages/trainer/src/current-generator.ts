import type { Negatives } from '@gankit/core';

/** Negatives from the generator as it is now: the game of Goodfellow 2014. */
export const currentGenerator: Negatives = {
  name: 'current-generator',
  sample({ generator, latent, condition }) {
    const samples = generator.generate(latent, { training: true, ...(condition === undefined ? {} : { condition }) });
    return { samples, fromLatent: true };
  },
};
