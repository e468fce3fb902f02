// The normalisation of an architecture as a part that can be replaced, for example by a conditional one.
import { checkChoice } from '@gankit/core';
import { batchNormalization, instanceNormalization, type NormalizedActivation } from '@gankit/engine/layers';
import * as tf from '@tensorflow/tfjs';

/**
 * What normalises activations: `batch` (momentum 0.9 for the moving averages, epsilon 1e-5, the field's usual values),
 * `synchronized-batch`, the same with the statistics of the whole batch where it is spread over processes, `instance`, `none`, or a function that makes the layer for a place in the network. `name` is that place and must become the layer's name; the
 * layer takes and gives [batch, height, width, channels], without an activation. A layer that depends on the class finds it in
 * `condition` of the second argument of its `call`, and says so in a field `needs`: `['class']`.
 */
export type Normalization = (typeof normalizations)[number] | ((name: string) => tf.layers.Layer);

/** Those that have a name. */
export const normalizations = ['batch', 'synchronized-batch', 'instance', 'none'] as const;

/** Share of the old moving average that stays; PyTorch's momentum of 0.1. */
const momentum = 0.9;
const epsilon = 1e-5;

function activationLayer(activation: Exclude<NormalizedActivation, 'linear'>, name: string): tf.layers.Layer {
  return activation === 'relu' ? tf.layers.reLU({ name }) : tf.layers.leakyReLU({ alpha: activation.leakyRelu, name });
}

/**
 * The layers that normalise and then activate; the last is called `name`, so that a tap finds the activation. Batch normalisation
 * does both at once, which is faster on backends that have a kernel for it.
 * @throws GanKitError `unknown-name` for a normalisation that does not exist.
 */
export function normalizedActivation(
  normalization: Normalization,
  activation: NormalizedActivation,
  name: string,
): tf.layers.Layer[] {
  if (typeof normalization !== 'function') {
    checkChoice('normalization', normalization, normalizations);
  }
  if (normalization === 'batch' || normalization === 'synchronized-batch') {
    const synchronized = normalization === 'synchronized-batch';
    return [batchNormalization({ momentum, epsilon, activation, name, synchronized })];
  }
  if (normalization === 'none') return activation === 'linear' ? [] : [activationLayer(activation, name)];
  const layerName = activation === 'linear' ? name : `${name}-normalization`;
  const layer =
    normalization === 'instance' ? instanceNormalization({ name: layerName, epsilon }) : normalization(layerName);
  return activation === 'linear' ? [layer] : [layer, activationLayer(activation, name)];
}
