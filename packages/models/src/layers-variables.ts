import type { NamedVariable } from '@gankit/core';
import type * as tf from '@tensorflow/tfjs';

/**
 * The variables of a tf.layers model under names that are the same in every process: the layer's position, its kind and the
 * weight, for example `3.batchNormalization.gamma`. (TensorFlow.js's own names carry a counter of the process.)
 */
export function layersVariables(model: tf.LayersModel): NamedVariable[] {
  const trainable = new Set(model.trainableWeights);
  return model.layers.flatMap((layer, index) => {
    const kind = layer.getClassName();
    const kindName = kind.charAt(0).toLowerCase() + kind.slice(1);
    return layer.weights.map((weight) => ({
      name: `${index}.${kindName}.${weight.originalName.split('/').at(-1)}`,
      variable: weight.read() as tf.Variable,
      trainable: trainable.has(weight),
    }));
  });
}
