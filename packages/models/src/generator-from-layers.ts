import { checkBatch, GanKitError, type Generator, type LatentDistribution } from '@gankit/core';
import type * as tf from '@tensorflow/tfjs';
import { layersVariables } from './layers-variables.ts';

export interface GeneratorFromLayersOptions {
  /** The name for messages; the model's own by default. */
  readonly name?: string;
  /** How latents are drawn; `normal` by default. */
  readonly latentDistribution?: LatentDistribution;
}

/**
 * Makes a generator of a tf.layers model with one input (the latent) and one output (the samples).
 *
 * The generator owns the model from now on: its `dispose` frees the model's weights.
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
    generate(latent, { training, updateState = training }) {
      checkBatch(`The latent of ${name}`, latent, latentShape);
      return model.apply(latent, { training, updateState }) as tf.Tensor;
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
