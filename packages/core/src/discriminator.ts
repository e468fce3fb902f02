import type * as tf from '@tensorflow/tfjs';
import type { ForwardOptions, Network } from './network.ts';

/** What a discriminator says about a batch. The caller owns the tensors. */
export interface DiscriminatorOutput {
  /**
   * The verdict, as logits and never as probabilities: float32 with the batch as first axis. One number a sample
   * ([batch, 1] or [batch]), a PatchGAN map ([batch, height, width, 1]) or two softmax units ([batch, 2]). A critic's
   * score and the reconstruction error of an autoencoding discriminator go here as well.
   */
  readonly logits: tf.Tensor;
  /** Intermediate activations, first layer first, each with the batch as first axis: for feature matching. */
  readonly features?: readonly tf.Tensor[];
  /** The logits of an auxiliary classifier: float32 [batch, classes]. */
  readonly classLogits?: tf.Tensor2D;
}

/** The parts of its output that a discriminator may have or lack. */
export type DiscriminatorHead = 'features' | 'classLogits';

/** The player that tells real samples from generated ones. */
export interface Discriminator extends Network {
  /** Shape of one sample without the batch axis. */
  readonly inputShape: readonly number[];
  /**
   * What its `logits` are; `logit` when absent: higher means real. `two-class`: [batch, 2], unit 0 for real.
   * `energy`: at least 0 and low on real samples, as the reconstruction error of an autoencoder is.
   */
  readonly verdict?: 'logit' | 'two-class' | 'energy';
  /** The optional outputs it really has, so that a part that needs one can say so before training starts. */
  readonly heads: readonly DiscriminatorHead[];
  /**
   * Judges samples.
   * @param samples float32 [batch, ...inputShape].
   */
  discriminate(samples: tf.Tensor, options: ForwardOptions): DiscriminatorOutput;
}
