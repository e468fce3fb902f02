import type * as tf from '@tensorflow/tfjs';
import type { ForwardOptions, Network } from './network.ts';

/** How latents are drawn: `normal` is N(0, 1), `uniform` is uniform in [-1, 1). */
export type LatentDistribution = 'normal' | 'uniform';

/** The player that turns noise into samples. */
export interface Generator extends Network {
  /** Shape of one latent without the batch axis: `[100]` for a vector, `[7, 7, 4]` for a matrix of noise. */
  readonly latentShape: readonly number[];
  /** The distribution that this generator expects its latents from; `normal` when absent. */
  readonly latentDistribution?: LatentDistribution | undefined;
  /** Shape of one sample without the batch axis: `[28, 28, 1]` for a grey image, `[2]` for a point. */
  readonly outputShape: readonly number[];
  /**
   * Samples from latents.
   * @param latent float32 [batch, ...latentShape].
   * @returns float32 [batch, ...outputShape]; images lie in [-1, 1]. The caller owns it.
   */
  generate(latent: tf.Tensor, options: ForwardOptions): tf.Tensor;
}
