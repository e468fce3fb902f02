// The discriminator's gradient with respect to its input, on the tape of the discriminator's own update.
// The one module here with a side effect, the import below; it is an entry of the build of its own (package.json, `gankit`),
// so that whoever imports a loss does not bundle the engine's gradients.
import '@gankit/engine/gradients';
import type { PenaltyContext, RandomStream } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { stopGradient } from '../stop-gradient.ts';

/** Keeps the square root's gradient finite where the norm is 0. */
const normEpsilon = 1e-10;

/**
 * Sum of squares of dD/dx over each sample's values, where D is the sum of the sample's logits.
 * @returns float32 [batch]; differentiable with respect to the discriminator's variables.
 */
export function squaredInputGradient(discriminate: PenaltyContext['discriminate'], samples: tf.Tensor): tf.Tensor1D {
  const gradient = tf.grad((x: tf.Tensor) => tf.sum(discriminate(x).logits))(samples);
  const batch = samples.shape[0] ?? 1;
  return tf.sum<tf.Tensor1D>(tf.square(gradient).reshape([batch, -1]), 1);
}

/** Length of each sample's dD/dx from its square: sqrt(s + 1e-10), never with an infinite gradient. */
export function lengthOf(squared: tf.Tensor1D): tf.Tensor1D {
  return tf.sqrt(tf.add<tf.Tensor1D>(squared, normEpsilon));
}

/** One random number per sample, uniform in [0, 1), of shape [batch, 1, ...]. */
function onePerSample(samples: tf.Tensor, random: RandomStream): tf.Tensor {
  return random.uniformTensor(samples.shape.map((size, axis) => (axis === 0 ? size : 1)));
}

/** Points on the lines between real and generated samples: x + u (G(z) - x), constants to every gradient. */
export function interpolate({ real, fake, random }: PenaltyContext): tf.Tensor {
  const start = stopGradient(real);
  return tf.add(start, tf.mul(onePerSample(real, random), tf.sub(stopGradient(fake), start)));
}
