// Some generators' losses compare generated with real samples.
import { type DiscriminatorOutput, GanKitError } from '@gankit/core';
import type * as tf from '@tensorflow/tfjs';

/**
 * The logits on real samples in a generator update.
 * @throws GanKitError `incompatible` when the trainer did not provide them.
 */
export function realLogits(loss: string, real: DiscriminatorOutput | undefined): tf.Tensor {
  if (real === undefined) {
    throw new GanKitError(
      'incompatible',
      `${loss} needs the discriminator's output on real samples in a generator update; give \`real\`.`,
    );
  }
  return real.logits;
}
