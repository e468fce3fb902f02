// A generator as the tf.LayersModel that it is, for programs that know TensorFlow.js and not GANKit.
import { GanKitError, type Generator } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { stockTopology, stockWeights } from './stock-topology.ts';

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
 * Writes a generator as a `tf.LayersModel`, which `tf.loadLayersModel` reads wherever TensorFlow.js is: in evaluation, layers of ours are
 * written as stock ones. To write elsewhere (`indexeddb://`, a server), call `save` of {@link layersModelOf}.
 * @throws GanKitError `incompatible` for a generator that is not one `tf.LayersModel`, that is told something (a `tf.LayersModel` takes a
 *   latent alone), or that has a layer for which there is no stock one.
 */
export async function encodeLayersModel(generator: Generator): Promise<LayersModelFiles> {
  const told = generator.needs ?? [];
  if (told.length > 0) {
    throw new GanKitError(
      'incompatible',
      `${generator.name} is told ${told.map((need) => (need === 'class' ? 'a class' : need)).join(' and ')}, and a tf.LayersModel takes a latent alone; export it as a .onnx file, which can.`,
      { value: told },
    );
  }
  const model = layersModelOf(generator);
  let files: LayersModelFiles | undefined;
  const handler = tf.io.withSaveHandler(
    async ({ modelTopology, weightSpecs, weightData, format, generatedBy, convertedBy }) => {
      const { specs, bytes } = stockWeights(model, weightSpecs ?? [], tf.io.CompositeArrayBuffer.join(weightData));
      files = {
        json: JSON.stringify({
          modelTopology: stockTopology(modelTopology, generator.name),
          format,
          generatedBy,
          convertedBy: convertedBy ?? null,
          weightsManifest: [{ paths: ['weights.bin'], weights: specs }],
        }),
        weights: bytes,
      };
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    },
  );
  await model.save(handler);
  return files!;
}
