import { checkBatch, type Discriminator, GanKitError } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { fixedShape } from './generator-from-layers.ts';
import { layersVariables } from './layers-variables.ts';

export interface DiscriminatorFromLayersOptions {
  /** The name for messages; the model's own by default. */
  readonly name?: string;
  /** Names of the layers whose outputs become `features`, first layer first; none by default. */
  readonly features?: readonly string[];
}

/**
 * Makes a discriminator of a tf.layers model with one input (the samples) and one output (the logits: no sigmoid at the end).
 *
 * The discriminator owns the model from now on: its `dispose` frees the model's weights.
 * @throws GanKitError `incompatible` when the model has several inputs or outputs, a shape that is not fixed, or lacks a
 * layer that `features` names.
 */
export function discriminatorFromLayers(
  model: tf.LayersModel,
  { name = model.name, features = [] }: DiscriminatorFromLayersOptions = {},
): Discriminator {
  const inputShape = fixedShape(model, 'input', model.inputs);
  fixedShape(model, 'output', model.outputs);
  const taps = features.map((layerName) => {
    const layer = model.layers.find((candidate) => candidate.name === layerName);
    if (layer === undefined) {
      const known = model.layers.map((candidate) => candidate.name).join(', ');
      throw new GanKitError('incompatible', `The model '${model.name}' has no layer '${layerName}'; it has: ${known}.`);
    }
    return layer.output as tf.SymbolicTensor;
  });
  const tapped = taps.length === 0 ? model : tf.model({ inputs: model.inputs, outputs: [...model.outputs, ...taps] });
  return {
    name,
    inputShape,
    heads: taps.length === 0 ? [] : ['features'],
    variables: layersVariables(model),
    discriminate(samples, { training }) {
      checkBatch(`The input of ${name}`, samples, inputShape);
      const outputs = tapped.apply(samples, { training }) as tf.Tensor | tf.Tensor[];
      const [logits, ...tappedFeatures] = Array.isArray(outputs) ? outputs : [outputs];
      return taps.length === 0 ? { logits: logits! } : { logits: logits!, features: tappedFeatures };
    },
    dispose() {
      model.dispose();
    },
  };
}
