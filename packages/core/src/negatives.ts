import type * as tf from '@tensorflow/tfjs';
import type { Communicator } from './communicator.ts';
import type { Condition } from './condition.ts';
import type { Generator } from './generator.ts';
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
  /** What the players are told about the generated samples. */
  readonly condition?: Condition | undefined;
  readonly random: RandomStream;
  /** The processes that the batch is spread over; absent for one process. */
  readonly communicator?: Communicator | undefined;
}

/** A batch of negatives. The caller owns the tensors. */
export interface NegativeSamples {
  /** float32 [batch, ...shape]; never the real batch itself. */
  readonly samples: tf.Tensor;
  /** Whether they are `generate(latent)` of this very step. */
  readonly fromLatent: boolean;
  /** What the discriminator is to be told about them, when it is not the context's condition (samples of the past). */
  readonly condition?: Condition | undefined;
}

/** Where the discriminator's "fake" examples come from. The default is the current generator. */
export interface Negatives {
  readonly name: string;
  /** False when its samples are never `generate(latent)` of the same step; penalties that need the latent then do not fit. */
  readonly fromLatent?: boolean | undefined;
  /**
   * One batch of negatives, as many as there are real samples. A source with state (a replay buffer) also implements
   * {@link Stateful}.
   */
  sample(context: NegativesContext): NegativeSamples;
  /** Frees the source's own state, if it has any. Whoever made the source calls it. */
  dispose?(): void;
}
