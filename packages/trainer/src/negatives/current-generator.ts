import type { Negatives, NegativesContext } from '@gankit/core';
import type * as tf from '@tensorflow/tfjs';

/** What the generator makes of the context's latents, as the discriminator's update sees it. The caller owns it. */
export function generated({ generator, latent, condition, step, communicator }: NegativesContext): tf.Tensor {
  return generator.generate(latent, { training: true, updateState: false, step, condition, communicator });
}

/** Negatives from the generator as it is now: the game of Goodfellow 2014. */
export const currentGenerator: Negatives = {
  name: 'current-generator',
  sample: (context) => ({ samples: generated(context), fromLatent: true }),
};
