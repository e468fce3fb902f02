import {
  checkBatch,
  checkChoice,
  checkOptions,
  type ForwardOptions,
  type Generator,
  type LatentDistribution,
} from '@gankit/core';
import type * as tf from '@tensorflow/tfjs';
import { callOptions } from './call-options.ts';
import { latentDistributions } from './choices.ts';
import { type FromLayersOptions, fixedShape, fromLayersNames, layersNetwork } from './layers-network.ts';
import { withChanges } from './with-changes.ts';

export interface GeneratorFromLayersOptions extends FromLayersOptions {
  /** How latents are drawn; `normal` by default. */
  readonly latentDistribution?: LatentDistribution | undefined;
}

/**
 * Makes a generator of a tf.layers model with one input (the latent) and one output (the samples).
 *
 * Every layer's `call` is given {@link ForwardOptions} as its second argument: `training`, `updateState`, `step`, `condition`. When
 * layers implement `Stateful`, as `seededDropout` does, so does the generator: it saves their states. A layer that reads the
 * condition says in a field `needs` what it must find there, for example `['class']`.
 *
 * The generator owns the model from now on: its `dispose` frees the model's weights.
 * @throws GanKitError `incompatible` when the model has several inputs or outputs, a shape that is not fixed, two weights of one name,
 *   or a layer that asks for what nothing here obeys (unseeded dropout, constraints, regularisers, state from batch to batch).
 */
export function generatorFromLayers(
  model: tf.LayersModel,
  options: GeneratorFromLayersOptions = {},
): Generator & Disposable {
  checkOptions('generatorFromLayers', options, { ...fromLayersNames, latentDistribution: 'optional' });
  const { latentDistribution = 'normal' } = options;
  checkChoice('latent distribution', latentDistribution, latentDistributions);
  const latentShape = fixedShape(model, 'input', model.inputs);
  const outputShape = fixedShape(model, 'output', model.outputs);
  const { network, checkAlive } = layersNetwork('generator', model, options);
  return withChanges(network, {
    latentShape,
    latentDistribution,
    outputShape,
    generate(latent: tf.Tensor, forward: ForwardOptions) {
      checkAlive();
      checkBatch(`The latent of ${network.name}`, latent, latentShape);
      return model.apply(latent, callOptions(forward)) as tf.Tensor;
    },
  });
}
