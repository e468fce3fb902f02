// What a tf.LayersModel may ask for and nothing here would obey: refused by name when a player is made of it.
import { GanKitError } from '@gankit/core';
import { unseededLayers } from '@gankit/engine/layers';
import type * as tf from '@tensorflow/tfjs';
import { placedLayers } from './placed-layers.ts';

/** Fields that tf.layers has and its types do not. */
type Settings = tf.layers.Layer & {
  readonly stateful?: boolean;
  readonly losses?: readonly unknown[];
  readonly activityRegularizer?: unknown;
};

/** What bounds the layer's weights after each step of `fit`: the setting `kernelConstraint`, say. */
function constraintOf(layer: Settings): string | undefined {
  for (const weight of layer.weights) {
    const { constraint } = weight as tf.LayerVariable & { readonly constraint?: unknown };
    if (constraint == null) continue;
    const field = Object.entries(layer).find(([, value]) => value === constraint);
    return field === undefined
      ? `a constraint on '${weight.originalName.split('/').at(-1)}'`
      : `the setting '${field[0]}'`;
  }
  return undefined;
}

/** What adds to the loss of `fit`: the setting `kernelRegularizer`, say. */
function regularizerOf(layer: Settings): string | undefined {
  if (layer.activityRegularizer != null) return "the setting 'activityRegularizer'";
  if ((layer.losses ?? []).length === 0) return undefined;
  const field = Object.entries(layer).find(([name, value]) => name.endsWith('Regularizer') && value != null);
  return field === undefined ? 'a loss of its own' : `the setting '${field[0]}'`;
}

/** What of a layer nothing here obeys, and what to use instead; nothing when all is well. */
function disobeyed(layer: Settings): string | undefined {
  const constraint = constraintOf(layer);
  if (constraint !== undefined) {
    return `has ${constraint}, which only \`fit\` obeys; bound its weights with clipWeights of @gankit/losses or with spectralNormalization`;
  }
  const regularizer = regularizerOf(layer);
  if (regularizer !== undefined) {
    return `has ${regularizer}, which only \`fit\` adds to the loss; use the weight decay of adamW or a penalty`;
  }
  if (layer.stateful !== true) return undefined;
  return 'is stateful, and no checkpoint holds what it keeps from batch to batch; make it without `stateful`';
}

/**
 * Checks that everything that a model asks for can be kept.
 * @throws GanKitError `incompatible` that names the layer and what to use instead: for dropout and noise that no seed decides, for
 *   constraints and regularisers, and for recurrent layers that keep their state from batch to batch.
 */
export function checkLayers(model: tf.LayersModel): void {
  const refuse = (name: string, what: string): never => {
    throw new GanKitError('incompatible', `The layer '${name}' of the model '${model.name}' ${what}.`, { value: name });
  };
  for (const { name, className, replacement } of unseededLayers(model)) {
    refuse(name, `(${className}) draws from a source that no seed decides; use ${replacement} instead`);
  }
  // From the inside out: what a layer asks for, those that hold it ask for as well.
  for (const { layer } of placedLayers(model).reverse()) {
    const what = disobeyed(layer);
    if (what !== undefined) refuse(layer.name, what);
  }
}
