import type * as tf from '@tensorflow/tfjs';
import type { ForwardOptions, Network } from './network.ts';
import type { Verdict } from './verdict.ts';

/** What a discriminator says about a batch. The caller owns the tensors. */
export interface DiscriminatorOutput {
  /**
   * The verdict, as logits and never as probabilities: float32 with the batch as first axis. One number a sample
   * ([batch, 1] or [batch]), a PatchGAN map ([batch, height, width, 1]) or two softmax units ([batch, 2]). A critic's
   * score and the reconstruction error of an autoencoding discriminator go here as well.
   */
  readonly logits: tf.Tensor;
  /** Intermediate activations, first layer first, each with the batch as first axis: for feature matching. */
  readonly features?: readonly tf.Tensor[] | undefined;
  /**
   * What further heads say, by name, each with the batch as first axis: `class`, the logits of an auxiliary classifier
   * [batch, classes]; `code`, a code that is read back (InfoGAN); anything that a penalty asks for by name.
   */
  readonly heads?: Readonly<Record<string, tf.Tensor>> | undefined;
}

/** The player that tells real samples from generated ones. */
export interface Discriminator extends Network {
  /** Shape of one sample without the batch axis. */
  readonly inputShape: readonly number[];
  /** What its `logits` are; `logit` when absent. */
  readonly verdict?: Verdict | undefined;
  /**
   * The optional outputs it really has, so that a part that needs one can say so before training starts: `features`, and the
   * names of its heads.
   */
  readonly heads: readonly string[];
  /**
   * Judges samples.
   * @param samples float32 [batch, ...inputShape].
   */
  discriminate(samples: tf.Tensor, options: ForwardOptions): DiscriminatorOutput;
}

/** Every tensor of an output, logits first. */
export function outputTensors({ logits, features = [], heads = {} }: DiscriminatorOutput): tf.Tensor[] {
  return [logits, ...features, ...Object.values(heads)];
}

/** The same output with each of its tensors replaced. */
export function mapOutput(
  { logits, features, heads }: DiscriminatorOutput,
  change: <T extends tf.Tensor>(tensor: T) => T,
): DiscriminatorOutput {
  return {
    logits: change(logits),
    features: features?.map(change),
    heads: heads && Object.fromEntries(Object.entries(heads).map(([name, tensor]) => [name, change(tensor)])),
  };
}
