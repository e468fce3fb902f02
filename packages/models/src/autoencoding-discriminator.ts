// A discriminator whose verdict is how badly it reconstructs a sample: the energy of EBGAN (Zhao 2017) and BEGAN (Berthelot 2017).
import {
  checkBatch,
  checkChoice,
  checkOptions,
  checkSameShape,
  type Discriminator,
  type DiscriminatorOutput,
  type ForwardOptions,
  tidyOutput,
} from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { tapLayers } from './discriminator-from-layers.ts';
import { type FromLayersOptions, fixedShape, fromLayersNames, layersNetwork } from './layers-network.ts';
import { withChanges } from './with-changes.ts';

export interface AutoencodingDiscriminatorOptions extends FromLayersOptions {
  /** Names of the layers whose outputs become `features`, last the code as [batch, channels]; none by default. */
  readonly features?: readonly string[] | undefined;
  /** How a sample is compared with its reconstruction: mean `squared` (the default, EBGAN) or mean `absolute` (BEGAN) error. */
  readonly error?: 'squared' | 'absolute' | undefined;
}

/**
 * Makes a discriminator of a tf.layers autoencoder: its `logits` are the reconstruction error of each sample, float32 [batch],
 * at least 0 and low on samples like those it has learned.
 *
 * The discriminator owns the model from now on: its `dispose` frees the model's weights.
 * @throws GanKitError `incompatible` when input and output differ in shape, and as `discriminatorFromLayers`.
 */
export function autoencodingDiscriminator(
  model: tf.LayersModel,
  options: AutoencodingDiscriminatorOptions = {},
): Discriminator & Disposable {
  checkOptions('autoencodingDiscriminator', options, { ...fromLayersNames, features: 'optional', error: 'optional' });
  const { features = [], error = 'squared' } = options;
  checkChoice('reconstruction error', error, ['squared', 'absolute']);
  const inputShape = fixedShape(model, 'input', model.inputs);
  const outputShape = fixedShape(model, 'output', model.outputs);
  checkSameShape(`The output of ${options.name ?? model.name}`, outputShape, 'its input', inputShape);
  const evaluate = tapLayers(model, features);
  const { network, checkAlive } = layersNetwork('discriminator', model, options);
  return withChanges(network, {
    inputShape,
    verdict: 'energy' as const,
    heads: features.length === 0 ? [] : ['features'],
    discriminate(samples: tf.Tensor, forward: ForwardOptions): DiscriminatorOutput {
      checkAlive();
      checkBatch(`The input of ${network.name}`, samples, inputShape);
      return tidyOutput(() => {
        const [reconstruction, ...tapped] = evaluate(samples, forward);
        const difference = tf.sub(reconstruction!, samples);
        const errors = error === 'squared' ? tf.square(difference) : tf.abs(difference);
        const logits = tf.mean(tf.reshape(errors, [samples.shape[0]!, -1]), 1);
        return { logits, features: features.length === 0 ? undefined : tapped };
      });
    },
  });
}
