import { type Generator, RandomStream } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { dcganGenerator } from '../dcgan.ts';
import { mlpGenerator } from '../mlp.ts';
import { resnetGenerator } from '../resnet.ts';
import { encodeLayersModel, layersModelOf } from './layers-model.ts';

let tensors = 0;
beforeEach(() => {
  tensors = tf.memory().numTensors;
});
afterEach(() => {
  expect(tf.memory().numTensors).toBe(tensors);
});

const random = new RandomStream(1);

test.each<[string, () => Generator]>([
  ['mlp', () => mlpGenerator({ outputShape: [2], latentSize: 3, hidden: [4], random })],
  ['dcgan', () => dcganGenerator({ outputShape: [8, 8, 1], latentSize: 3, width: 4, random })],
  ['resnet', () => resnetGenerator({ outputShape: [8, 8, 1], latentSize: 3, width: 4, spectralNorm: true, random })],
])('%s is written so that tf.loadLayersModel reads it, with the same samples', async (_, build) => {
  const generator = build();
  const { json, weights } = await encodeLayersModel(generator);
  const { modelTopology, weightsManifest, format } = JSON.parse(json) as tf.io.ModelJSON;
  expect(format).toBe('layers-model');
  expect(weightsManifest.map(({ paths }) => paths)).toEqual([['weights.bin']]);
  const model = await tf.loadLayersModel(
    tf.io.fromMemory({ modelTopology, weightSpecs: weightsManifest[0]!.weights, weightData: weights.slice().buffer }),
  );
  tf.tidy(() => {
    const latent = random.normalTensor([3, 3]);
    const expected = generator.generate(latent, { training: false });
    expect((model.predict(latent) as tf.Tensor).dataSync()).toEqual(expected.dataSync());
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
