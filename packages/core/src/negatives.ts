import type * as tf from '@tensorflow/tfjs';
import type { Generator } from './generator.ts';
import type { Condition } from './network.ts';
import type { RandomStream } from './random.ts';

/** What a source of negatives may look at. */
export interface NegativesContext {
  /** The training step, from 0. */
  readonly step: number;
  readonly generator: Generator;
  /** The real batch that the negatives will be compared with. */
  readonly real: tf.Tensor;
  /** Latents for the generator: float32 [batch, ...latentShape]. */
  readonly latent: tf.Tensor;
  readonly condition?: Condition;
  readonly random: RandomStream;
}

/** Where the discriminator's "fake" examples come from. The default is the current generator. */
export interface Negatives {
  readonly name: string;
  /** False when its samples are never `generate(latent)` of the same step; penalties that need the latent then do not fit. */
  readonly fromLatent?: boolean;
  /**
   * One batch of negatives, as many as there are real samples.
   * @returns `samples` (the caller owns it; never `real` itself), and whether they are `generate(latent)` of this very step.
   */
  sample(context: NegativesContext): { readonly samples: tf.Tensor; readonly fromLatent: boolean };
}
