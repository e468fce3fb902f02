import { checkBatch, type ForwardOptions, GanKitError, type Generator, type LatentDistribution } from '@gankit/core';
import type * as tf from '@tensorflow/tfjs';
import { layersState } from './layers-state.ts';
import { layersVariables } from './layers-variables.ts';

export interface GeneratorFromLayersOptions {
  /** The name for messages; the model's own by default. */
  readonly name?: string;
  /** How latents are drawn; `normal` by default. */
  readonly latentDistribution?: LatentDistribution;
}

/**
 * What every layer of a model is told in its `call`, as its second argument: all of {@link ForwardOptions}, so that a layer of
 * yours can read `condition` or `step`.
 */
export function callOptions(options: ForwardOptions): ForwardOptions & { readonly updateState: boolean } {
  return { ...options, updateState: options.updateState ?? options.training };
}

/**
 * Makes a generator of a tf.layers model with one input (the latent) and one output (the samples).
 *
 * Every layer's `call` is given {@link ForwardOptions} as its second argument: `training`, `updateState`, `step`, `condition`. When
 * layers implement `Stateful`, as `seededDropout` does, so does the generator: it saves their states.
 *  * The generator owns the model from now on: its `dispose` frees the model's weights.
 * @throws GanKitError `incompatible` when the model has several inputs or outputs, or a shape that is not fixed.
 */
export function generatorFromLayers(model: tf.LayersModel, options: GeneratorFromLayersOptions = {}): Generator {
  const { name = model.name, latentDistribution = 'normal' } = options;
  const latentShape = fixedShape(model, 'input', model.inputs);
  const outputShape = fixedShape(model, 'output', model.outputs);
  return {
    name,
    latentShape,
    latentDistribution,
    outputShape,
    variables: layersVariables(model),
    ...layersState(model),
    generate(latent, options) {
      checkBatch(`The latent of ${name}`, latent, latentShape);
      return model.apply(latent, callOptions(options)) as tf.Tensor;
    },
    dispose() {
      model.dispose();
    },
  };
}

/** The shape without the batch axis of a model's only input or output. */
export function fixedShape(
  model: tf.LayersModel,
  side: 'input' | 'output',
  tensors: readonly tf.SymbolicTensor[],
): number[] {
  const [first, ...others] = tensors;
  const shape = first?.shape.slice(1) ?? [];
  if (first === undefined || others.length > 0 || shape.some((size) => size === null)) {
    throw new GanKitError(
      'incompatible',
      `The model '${model.name}' must have one ${side} of a fixed shape, not ${tensors.map((tensor) => `[${tensor.shape}]`).join(' and ')}.`,
    );
  }
  return shape as number[];
}
