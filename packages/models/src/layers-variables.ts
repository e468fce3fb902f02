import type { NamedVariable } from '@gankit/core';
import type * as tf from '@tensorflow/tfjs';

/** A layer's position in its model and its kind, for example `3.batchNormalization`: the same in every process. */
export function layerName(layer: tf.layers.Layer, index: number): string {
  const kind = layer.getClassName();
  return `${index}.${kind.charAt(0).toLowerCase()}${kind.slice(1)}`;
}

/**
 * The variables of a tf.layers model under names that are the same in every process: the layer's position, its kind and the
 * weight, for example `3.batchNormalization.gamma`. (TensorFlow.js's own names carry a counter of the process.)
 */
export function layersVariables(model: tf.LayersModel): NamedVariable[] {
  const trainable = new Set(model.trainableWeights);
  return model.layers.flatMap((layer, index) =>
    layer.weights.map((weight) => ({
      name: `${layerName(layer, index)}.${weight.originalName.split('/').at(-1)}`,
      variable: weight.read() as tf.Variable,
      trainable: trainable.has(weight),
    })),
  );
}
