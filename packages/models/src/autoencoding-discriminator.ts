// A discriminator whose verdict is how badly it reconstructs a sample: the energy of EBGAN (Zhao 2017) and BEGAN (Berthelot 2017).
import { checkBatch, checkSameShape, type Discriminator } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { tapLayers } from './discriminator-from-layers.ts';
import { fixedShape } from './generator-from-layers.ts';
import { layersState } from './layers-state.ts';
import { layersVariables } from './layers-variables.ts';

export interface AutoencodingDiscriminatorOptions {
  /** The name for messages; the model's own by default. */
  readonly name?: string;
  /** Names of the layers whose outputs become `features`, last the code as [batch, channels]; none by default. */
  readonly features?: readonly string[];
  /** How a sample is compared with its reconstruction: mean `squared` (the default, EBGAN) or mean `absolute` (BEGAN) error. */
  readonly error?: 'squared' | 'absolute';
}

/**
 * Makes a discriminator of a tf.layers autoencoder: its `logits` are the reconstruction error of each sample, float32 [batch],
 * at least 0 and low on samples like those it has learned.
 *
 * The discriminator owns the model from now on: its `dispose` frees the model's weights.
 * @throws GanKitError `incompatible` when input and output differ in shape, or the model lacks a layer that `features` names.
 */
export function autoencodingDiscriminator(
  model: tf.LayersModel,
  { name = model.name, features = [], error = 'squared' }: AutoencodingDiscriminatorOptions = {},
): Discriminator {
  const inputShape = fixedShape(model, 'input', model.inputs);
  const outputShape = fixedShape(model, 'output', model.outputs);
  checkSameShape(`The output of ${name}`, outputShape, 'its input', inputShape);
  const evaluate = tapLayers(model, features);
  return {
    name,
    inputShape,
    verdict: 'energy',
    heads: features.length === 0 ? [] : ['features'],
    variables: layersVariables(model),
    ...layersState(model),
    discriminate(samples, options) {
      checkBatch(`The input of ${name}`, samples, inputShape);
      const [reconstruction, ...tapped] = evaluate(samples, options);
      const logits = tf.tidy(() => {
        const difference = reconstruction!.sub(samples);
        const errors = error === 'squared' ? difference.square() : difference.abs();
        return errors.reshape([samples.shape[0]!, -1]).mean(1);
      });
      return features.length === 0 ? { logits } : { logits, features: tapped };
    },
    dispose() {
      model.dispose();
    },
  };
}
