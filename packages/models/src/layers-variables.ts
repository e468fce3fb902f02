import { GanKitError, type NamedVariable } from '@gankit/core';
import type * as tf from '@tensorflow/tfjs';
import { placedLayers } from './placed-layers.ts';

/** A weight of a model under its stable name. */
export interface NamedWeight {
  readonly name: string;
  readonly weight: tf.LayerVariable;
  readonly variable: tf.Variable;
}

/**
 * The weights of a model in its own order, each once.
 * @throws GanKitError `incompatible` when two of them have one name, so that a checkpoint could not tell them apart.
 */
export function namedWeights(model: tf.LayersModel): NamedWeight[] {
  const names = new Map<tf.LayerVariable, string>();
  const taken = new Set<string>();
  for (const { layer, place, inner } of placedLayers(model)) {
    const ofInner = new Set(inner.flatMap(({ weights }) => weights));
    for (const weight of layer.weights) {
      if (ofInner.has(weight) || names.has(weight)) continue;
      const name = `${place}.${weight.originalName.split('/').at(-1)}`;
      if (taken.has(name)) {
        throw new GanKitError(
          'incompatible',
          `The model '${model.name}' has two weights named '${name}', which a checkpoint cannot tell apart; give the weights of its layer '${layer.name}' different names.`,
          { value: name },
        );
      }
      taken.add(name);
      names.set(weight, name);
    }
  }
  const ordered = new Set(model.layers.flatMap(({ weights }) => weights));
  return [...ordered].map((weight) => ({
    name: names.get(weight)!,
    weight,
    variable: weight.read() as tf.Variable,
  }));
}

/** The weights as variables; which of them are trainable is read from the model now. */
export function asVariables(weights: readonly NamedWeight[], model: tf.LayersModel): NamedVariable[] {
  const trainable = new Set(model.trainableWeights);
  return weights.map(({ name, variable, weight }) => ({ name, variable, trainable: trainable.has(weight) }));
}

/**
 * The variables of a tf.layers model under names that are the same in every process: the layer's position, its kind and the weight,
 * for example `3.batchNormalization.gamma`, in a nested model `0.sequential.2.dense.kernel`. (TensorFlow.js's own names carry a
 * counter of the process.)
 * @throws GanKitError `incompatible` when two of them have one name.
 */
export function layersVariables(model: tf.LayersModel): NamedVariable[] {
  return asVariables(namedWeights(model), model);
}
