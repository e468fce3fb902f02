import { type Generator, RandomStream } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { dcganGenerator } from '../dcgan.ts';
import { mlpGenerator } from '../mlp.ts';
import { r3ganGenerator } from '../r3gan.ts';
import { resnetGenerator } from '../resnet.ts';
import { spatialGenerator } from '../spatial-generator.ts';
import { unetGenerator } from '../unet.ts';
import { encodeLayersModel, layersModelOf } from './layers-model.ts';

let tensors = 0;
beforeEach(() => {
  tensors = tf.memory().numTensors;
});
afterEach(() => {
  expect(tf.memory().numTensors).toBe(tensors);
});

const random = new RandomStream(1);
/** What TensorFlow.js has of its own and these generators need. */
const stock = new Set(
  'Sequential Model Dense Reshape BatchNormalization ReLU LeakyReLU Conv2D Conv2DTranspose UpSampling2D Add Activation InputLayer Zeros'.split(
    ' ',
  ),
);

test.each<[string, () => Generator]>([
  ['mlp', () => mlpGenerator({ outputShape: [2], latentSize: 3, hidden: [4], random })],
  ['dcgan', () => dcganGenerator({ outputShape: [8, 8, 1], latentSize: 3, width: 4, random })],
  ['spatial', () => spatialGenerator({ outputShape: [8, 8, 1], width: 4, random })],
  [
    'resnet without spectral normalisation',
    () => resnetGenerator({ outputShape: [8, 8, 1], latentSize: 3, width: 4, random }),
  ],
  ['resnet', () => resnetGenerator({ outputShape: [8, 8, 1], latentSize: 3, width: 4, spectralNorm: true, random })],
])('%s is written so that tf.loadLayersModel reads it, with the same samples', async (_, build) => {
  const generator = build();
  const { json, weights } = await encodeLayersModel(generator);
  const { modelTopology, weightsManifest, format } = JSON.parse(json) as tf.io.ModelJSON;
  expect(format).toBe('layers-model');
  for (const kind of json.match(/"class_name":"[^"]*"/g) ?? [])
    expect(stock.has(JSON.parse(`{${kind}}`).class_name), kind).toBe(true);
  expect(weightsManifest.map(({ paths }) => paths)).toEqual([['weights.bin']]);
  const model = await tf.loadLayersModel(
    tf.io.fromMemory({ modelTopology, weightSpecs: weightsManifest[0]!.weights, weightData: weights.slice().buffer }),
  );
  tf.tidy(() => {
    const latent = random.normalTensor([3, ...generator.latentShape]);
    const expected = generator.generate(latent, { training: false });
    const difference = tf.max(tf.abs(tf.sub(model.predict(latent) as tf.Tensor, expected))).dataSync()[0]!;
    expect(difference).toBeLessThan(1e-5);
  });
  model.dispose();
  generator.dispose();
});

test('a generator that does more than its model, or has none, is refused', async () => {
  const inner = mlpGenerator({ outputShape: [2], latentSize: 3, hidden: [4], random });
  const doubled: Generator = {
    ...inner,
    name: 'doubled',
    generate: (latent, options) => tf.tidy(() => inner.generate(latent, options).mul(2)),
  };
  await expect(encodeLayersModel(doubled)).rejects.toThrow('doubled is not one tf.LayersModel');
  expect(layersModelOf(inner).inputs[0]!.shape).toEqual([null, 3]);
  inner.dispose();
});

test('a generator that is told something, or has a layer that nothing stock can stand for, is refused by name', async () => {
  const unet = unetGenerator({ outputShape: [16, 16, 1], width: 4, random });
  await expect(encodeLayersModel(unet)).rejects.toThrow(
    'is told images, and a tf.LayersModel takes a latent alone; export it as a .onnx',
  );
  const r3gan = r3ganGenerator({ outputShape: [8, 8, 1], latentSize: 3, width: 16, random });
  await expect(encodeLayersModel(r3gan)).rejects.toThrow(
    /has the layer '.*' \(ExpandBasis\), which TensorFlow.js alone does not know/,
  );
  for (const generator of [unet, r3gan]) generator.dispose();
});
