// Any network as an extractor: a tf.LayersModel, a graph model, a function.
import { checkOptions, formatShape, GanKitError } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import type { Extracted, FeatureExtractor } from './feature-extractor.ts';
import { checkImageInput, type ImageInput, prepareImages, preprocessingText } from './prepare-images.ts';

export interface ModelFeaturesOptions {
  /** What stands beside its numbers: the name of the network, for example `inception-v3`. */
  readonly name: string;
  /** The version of that name, for example the date of its weights. */
  readonly version: string;
  /** SHA-256 of the file of its weights, in hexadecimal: two files of one name give different numbers. */
  readonly checksum: string;
  /** The images that it was trained on: whatever it is given is resized with antialiasing to that. */
  readonly input: ImageInput;
  /** Numbers in a row of features. */
  readonly dimensions: number;
  /** The classes of its probabilities, by name. */
  readonly classNames?: readonly string[] | undefined;
  /**
   * Runs it: `(images) => ({ features: model.predict(images) })`. It runs inside a `tf.tidy`.
   * @param images float32 [batch, ...input]
   */
  readonly run: (images: tf.Tensor4D) => { readonly features: tf.Tensor; readonly probabilities?: tf.Tensor };
  /** What is freed with the extractor, such as the model; nothing when absent. */
  readonly dispose?: (() => void) | undefined;
}

/**
 * An extractor of a network of your own.
 * @throws GanKitError `invalid-argument` for options that make no sense. `extract` throws `invalid-shape` for images that it cannot look at, or
 *   when the network gives other features than it says.
 */
export function modelFeatures(options: ModelFeaturesOptions): FeatureExtractor {
  checkOptions('modelFeatures', options, {
    name: 'required',
    version: 'required',
    checksum: 'required',
    input: 'required',
    dimensions: 'required',
    classNames: 'optional',
    run: 'required',
    dispose: 'optional',
  });
  const { name, version, checksum, input, dimensions, classNames, run, dispose = () => {} } = options;
  checkImageInput(input);
  const rows = (what: string, tensor: tf.Tensor, batch: number, length: number): tf.Tensor2D => {
    if (tensor.size === batch * length) return tensor.reshape([batch, length]);
    throw new GanKitError(
      'invalid-shape',
      `${name} gave ${what} of shape ${formatShape(tensor.shape)}, not ${formatShape([batch, length])}; look at what 'run' returns.`,
      { value: tensor.shape },
    );
  };
  return {
    identity: { name, version, checksum, preprocessing: preprocessingText(input) },
    dimensions,
    classNames,
    extract: (images) =>
      tf.tidy((): Extracted => {
        const batch = images.shape[0]!;
        const { features, probabilities } = run(prepareImages(images, input));
        const found = rows('features', features, batch, dimensions);
        if (probabilities === undefined || classNames === undefined) return { features: found };
        return { features: found, probabilities: rows('probabilities', probabilities, batch, classNames.length) };
      }),
    dispose,
  };
}
