// From one sample to another, with what a conditional generator is told: its latent and its description move together.
import { type Condition, checkOptions, GanKitError } from '@gankit/core';
import type * as tf from '@tensorflow/tfjs';
import { type InterpolateOptions, interpolate, interpolateNames } from './interpolate.ts';

/** One sample of a conditional generator. */
export interface MorphEnd {
  /** float32 [...latentShape], without a batch axis. */
  readonly latent: tf.Tensor;
  /** The description, as `Condition.vectors` without a batch axis: float32 [length]. One-hot classes morph as well. */
  readonly vector?: tf.Tensor1D | undefined;
}

/** The inputs of a generator on the way; the caller owns the tensors. */
export interface Morph {
  /** float32 [steps, ...latentShape]. */
  readonly latent: tf.Tensor;
  /** float32 [steps, length]: `vectors` of a condition. */
  readonly condition?: Pick<Condition, 'vectors'> | undefined;
}

/**
 * The way from one sample to another: latents by the chosen method, descriptions in a straight line.
 * @throws GanKitError `incompatible` when only one end has a description, or shapes differ.
 */
export function morph(from: MorphEnd, to: MorphEnd, options: InterpolateOptions): Morph {
  checkOptions('morph', options, interpolateNames);
  for (const end of [from, to]) checkOptions('An end of morph', end, { latent: 'required', vector: 'optional' });
  if ((from.vector === undefined) !== (to.vector === undefined)) {
    throw new GanKitError(
      'incompatible',
      'Only one end of the morph has a vector; give both a description, or neither.',
    );
  }
  const vectors =
    from.vector === undefined || to.vector === undefined
      ? undefined
      : (interpolate(from.vector, to.vector, { ...options, method: 'linear' }) as tf.Tensor2D);
  try {
    const latent = interpolate(from.latent, to.latent, options);
    return { latent, condition: vectors && { vectors } };
  } catch (error) {
    vectors?.dispose();
    throw error;
  }
}
