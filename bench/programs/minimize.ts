/** One update of a player by `@gankit/engine`'s Adam. */

import type { adam } from '@gankit/engine';
import * as tf from '@tensorflow/tfjs';

/** The trainable variables of a model of tf.layers. */
export function variablesOf(model: tf.LayersModel): tf.Variable[] {
  return model.trainableWeights.map((weight) => weight.read() as tf.Variable);
}

/** Makes one step of the optimiser and returns the loss, which the caller owns. */
export function minimize(
  optimizer: ReturnType<typeof adam>,
  variables: tf.Variable[],
  loss: () => tf.Scalar,
): tf.Scalar {
  const { value, grads } = tf.variableGrads(loss, variables);
  optimizer.applyGradients(
    variables.map((variable) => ({ name: variable.name, variable, gradient: grads[variable.name] as tf.Tensor })),
  );
  tf.dispose(grads);
  return value;
}
