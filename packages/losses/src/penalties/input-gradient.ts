// The discriminator's gradient with respect to its input, on the tape of the discriminator's own update.
// The one module here with a side effect, the import below; it is an entry of the build of its own (package.json, `gankit`),
// so that whoever imports a loss does not bundle the engine's gradients.
import '@gankit/engine/gradients';
import type { DiscriminatorOutput } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';

/** Keeps the square root's gradient finite where the length is 0. */
const smallestSquare = 1e-10;

/** Sum of squares over each sample's values: float32 [batch]. */
function squaredLength(gradient: tf.Tensor): tf.Tensor1D {
  return tf.sum<tf.Tensor1D>(tf.square(gradient).reshape([gradient.shape[0] ?? 1, -1]), 1);
}

/**
 * dD/dx of each sample, where D is the sum of the sample's logits (one, or one for each patch).
 *
 * It can be differentiated once more, with respect to the discriminator's variables: importing it registers the engine's gradients,
 * without which TensorFlow.js computes many such second derivatives wrongly, or throws.
 *
 * @param discriminate What judges the samples: a penalty's `discriminate`, or `(x) => discriminate(x, 'fake')` for generated samples,
 *   which may be told something else than real ones.
 * @param samples float32 [batch, ...shape]. A sample on a tape keeps its gradient; {@link stopGradient} makes it a constant.
 * @returns float32 [batch, ...shape]; the caller owns it.
 */
export function inputGradient(
  discriminate: (samples: tf.Tensor) => DiscriminatorOutput,
  samples: tf.Tensor,
): tf.Tensor {
  return tf.tidy(() => tf.grad((x: tf.Tensor) => tf.sum(discriminate(x).logits))(samples));
}

/**
 * The square of the length of each sample's {@link inputGradient}: the sum of squares over its values.
 * @returns float32 [batch]; the caller owns it.
 */
export function squaredInputGradient(
  discriminate: (samples: tf.Tensor) => DiscriminatorOutput,
  samples: tf.Tensor,
): tf.Tensor1D {
  return tf.tidy(() => squaredLength(inputGradient(discriminate, samples)));
}

/**
 * The Euclidean length of each sample's gradient, as sqrt(sum g^2 + 1e-10): never with an infinite gradient, also where it is 0.
 * @param gradient float32 [batch, ...shape], for example of {@link inputGradient}.
 * @returns float32 [batch]; the caller owns it.
 */
export function gradientLength(gradient: tf.Tensor): tf.Tensor1D {
  return tf.tidy(() => tf.sqrt(tf.add<tf.Tensor1D>(squaredLength(gradient), smallestSquare)));
}
