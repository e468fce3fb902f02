// A generator as the tf.LayersModel that it is, for programs that know TensorFlow.js and not GANKit.
import { GanKitError, type Generator } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';

/** The files of a `tf.LayersModel`. */
export interface LayersModelFiles {
  /** Topology and list of weights: `model.json`. */
  readonly json: string;
  /** `weights.bin`. */
  readonly weights: Uint8Array;
}

/**
 * The model that a generator consists of. Found by running it once: the model whose input is the latent itself and whose output is
 * the samples themselves. It stays the generator's.
 * @throws GanKitError `incompatible` for a generator that is not one `tf.LayersModel`.
 */
export function layersModelOf(generator: Generator): tf.LayersModel {
  const prototype = tf.layers.Layer.prototype;
  const original = prototype.apply;
  const found: { model: tf.LayersModel; input: unknown; output: unknown }[] = [];
  let result: tf.LayersModel | undefined;
  tf.tidy(() => {
    const latent = tf.zeros([1, ...generator.latentShape]);
    prototype.apply = function (inputs, options) {
      const output = original.call(this, inputs, options);
      if (this instanceof tf.LayersModel) found.push({ model: this, input: inputs, output });
      return output;
    };
    try {
      const samples = generator.generate(latent, { training: false });
      result = found.find(({ input, output }) => input === latent && output === samples)?.model;
    } finally {
      prototype.apply = original;
    }
  });
  if (result !== undefined) return result;
  throw new GanKitError(
    'incompatible',
    `${generator.name} is not one tf.LayersModel from latent to samples; share it with saveGenerator or exportOnnx instead.`,
  );
}

/**
 * Writes a generator as a `tf.LayersModel`, which `tf.loadLayersModel` reads. A model with layers of `@gankit/engine/layers` loads
 * where that module has been imported, because they are registered there; one with layers of TensorFlow.js alone loads anywhere.
 * To write elsewhere (`indexeddb://`, a server), call `save` of {@link layersModelOf}.
 * @throws GanKitError `incompatible` for a generator that is not one `tf.LayersModel`.
 */
export async function encodeLayersModel(generator: Generator): Promise<LayersModelFiles> {
  const model = layersModelOf(generator);
  let files: LayersModelFiles | undefined;
  const handler = tf.io.withSaveHandler(
    async ({ modelTopology, weightSpecs, weightData, format, generatedBy, convertedBy }) => {
      files = {
        json: JSON.stringify({
          modelTopology,
          format,
          generatedBy,
          convertedBy: convertedBy ?? null,
          weightsManifest: [{ paths: ['weights.bin'], weights: weightSpecs }],
        }),
        weights: new Uint8Array(tf.io.CompositeArrayBuffer.join(weightData)),
      };
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    },
  );
  await model.save(handler);
  return files!;
}
