import { checkBatch, type Discriminator, type ForwardOptions, GanKitError } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { callOptions, fixedShape } from './generator-from-layers.ts';
import { layersState } from './layers-state.ts';
import { layersVariables } from './layers-variables.ts';

export interface DiscriminatorFromLayersOptions {
  /** The name for messages; the model's own by default. */
  readonly name?: string;
  /** Names of the layers whose outputs become `features`, first layer first; none by default. */
  readonly features?: readonly string[];
  /** What the output means: one `logit` for each sample or patch (the default), or `two-class`: [batch, 2], unit 0 for real. */
  readonly verdict?: 'logit' | 'two-class';
}

/**
 * A model as a function that gives its output and then those of the named layers.
 * @throws GanKitError `incompatible` when the model lacks one of the layers.
 */
export function tapLayers(
  model: tf.LayersModel,
  names: readonly string[],
): (input: tf.Tensor, options: ForwardOptions) => readonly tf.Tensor[] {
  const taps = names.map((layerName) => {
    const layer = model.layers.find((candidate) => candidate.name === layerName);
    if (layer === undefined) {
      const known = model.layers.map((candidate) => candidate.name).join(', ');
      throw new GanKitError('incompatible', `The model '${model.name}' has no layer '${layerName}'; it has: ${known}.`);
    }
    return layer.output as tf.SymbolicTensor;
  });
  const tapped = taps.length === 0 ? model : tf.model({ inputs: model.inputs, outputs: [...model.outputs, ...taps] });
  return (input, options) => {
    const outputs = tapped.apply(input, callOptions(options)) as tf.Tensor | tf.Tensor[];
    return Array.isArray(outputs) ? outputs : [outputs];
  };
}

/**
 * Makes a discriminator of a tf.layers model with one input (the samples) and one output (the logits: no sigmoid at the end).
 *
 * Every layer's `call` is given `ForwardOptions` as its second argument, and the states of layers that implement `Stateful` are
 * saved, as in {@link generatorFromLayers}. Name as the last of `features` the activation that the last layer reads, as
 * [batch, channels] (flattened or pooled): heads for classes are built on it.
 *
 * The discriminator owns the model from now on: its `dispose` frees the model's weights.
 * @throws GanKitError `incompatible` when the model has several inputs or outputs, a shape that is not fixed, or lacks a
 * layer that `features` names.
 */
export function discriminatorFromLayers(
  model: tf.LayersModel,
  { name = model.name, features = [], verdict = 'logit' }: DiscriminatorFromLayersOptions = {},
): Discriminator {
  const inputShape = fixedShape(model, 'input', model.inputs);
  fixedShape(model, 'output', model.outputs);
  const evaluate = tapLayers(model, features);
  return {
    name,
    inputShape,
    verdict,
    heads: features.length === 0 ? [] : ['features'],
    variables: layersVariables(model),
    ...layersState(model),
    discriminate(samples, options) {
      checkBatch(`The input of ${name}`, samples, inputShape);
      const [logits, ...tapped] = evaluate(samples, options);
      return features.length === 0 ? { logits: logits! } : { logits: logits!, features: tapped };
    },
    dispose() {
      model.dispose();
    },
  };
}
