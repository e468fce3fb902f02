// Between two latents: in a straight line, or along the sphere that normal latents live near (Shoemake 1985; White 2016).
import { checkChoice, checkInteger, checkNumber, checkOptions, checkSameShape } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';

/** Keeps the direction of a zero vector finite. */
const smallestNorm = 1e-30;

/** The names of {@link InterpolateOptions}, for `checkOptions`. */
export const interpolateNames = { steps: 'required', method: 'optional' } as const;

/** How to go from one latent to another. */
export type Interpolation = 'linear' | 'spherical';

/** Below this sine of the angle, the directions are as good as parallel or opposite, and the straight line is taken. */
const smallestSine = 1e-4;

/**
 * `(1 - amount) from + amount to`.
 * @param from float32 of any shape.
 * @param to Of the same shape.
 * @param amount 0 gives `from`, 1 gives `to`.
 * @returns A tensor of the same shape; the caller owns it.
 */
export function linearInterpolation(from: tf.Tensor, to: tf.Tensor, amount: number): tf.Tensor {
  checkSameShape('The latent to start from', from.shape, 'the latent to go to', to.shape);
  checkNumber('amount', amount);
  return tf.tidy(() => tf.add(tf.mul(from, 1 - amount), tf.mul(to, amount)));
}

/**
 * `(sin((1 - amount) w) from + sin(amount w) to) / sin w` with the angle w between the two, each sample of the batch by itself (all
 * axes but the first are one vector). Keeps the norm when both have the same; the straight line where the two are parallel
 * or opposite (White 2016, "Sampling generative networks", section 2.1).
 * @param from float32 [batch, ...latentShape].
 * @param to Of the same shape.
 * @param amount 0 gives `from`, 1 gives `to`.
 * @returns float32 of the same shape; the caller owns it.
 */
export function sphericalInterpolation(from: tf.Tensor, to: tf.Tensor, amount: number): tf.Tensor {
  checkSameShape('The latent to start from', from.shape, 'the latent to go to', to.shape);
  checkNumber('amount', amount);
  return tf.tidy(() => {
    const [batch] = from.shape;
    const [a, b] = [from.reshape([batch ?? 1, -1]), to.reshape([batch ?? 1, -1])];
    const norm = (x: tf.Tensor) => x.square().sum(1, true).sqrt();
    const unit = (x: tf.Tensor) => x.div(norm(x).maximum(smallestNorm));
    const [u, v] = [unit(a), unit(b)];
    // Exact also for small angles, where the arc cosine of a float32 is not.
    const angle = tf.atan2(norm(u.sub(v)), norm(u.add(v))).mul(2);
    const sine = angle.sin();
    const curved = sine.greater(smallestSine);
    const divisor = tf.where(curved, sine, tf.onesLike(sine));
    const weight = (share: number) => tf.where(curved, angle.mul(share).sin().div(divisor), tf.fill(sine.shape, share));
    return a
      .mul(weight(1 - amount))
      .add(b.mul(weight(amount)))
      .reshape(from.shape);
  });
}

export interface InterpolateOptions {
  /** Latents on the way, both ends included; at least 2. */
  readonly steps: number;
  /** `spherical` by default, which suits normal latents; `linear` suits uniform ones. */
  readonly method?: Interpolation | undefined;
}

/**
 * The way from one latent to another in equal steps.
 * @param from float32 [...latentShape], without a batch axis.
 * @param to Of the same shape.
 * @returns float32 [steps, ...latentShape]; the caller owns it.
 * @throws GanKitError `invalid-argument` for fewer than 2 steps, `unknown-name` for a method that does not exist, `incompatible` for
 *   two shapes.
 */
export function interpolate(from: tf.Tensor, to: tf.Tensor, options: InterpolateOptions): tf.Tensor {
  checkOptions('interpolate', options, interpolateNames);
  const { steps, method = 'spherical' } = options;
  checkInteger('steps', steps, 2);
  checkChoice('interpolation', method, ['linear', 'spherical']);
  const between = method === 'spherical' ? sphericalInterpolation : linearInterpolation;
  return tf.tidy(() => {
    const [start, end] = [from.expandDims(0), to.expandDims(0)];
    return tf.concat(Array.from({ length: steps }, (_, step) => between(start, end, step / (steps - 1))));
  });
}
