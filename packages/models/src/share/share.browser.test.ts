// What is shared works in a page: a generator that is fetched, and one that is exported.
import { RandomStream } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';

import { dcganGenerator } from '../dcgan.ts';
import { encodeGenerator } from '../generator-file.ts';
import { loadGeneratorFromUrl } from './load-generator-from-url.ts';
import { exportOnnx } from './onnx/export-onnx.ts';

test('a generator is fetched by URL in pieces, and makes the same samples', async () => {
  await tf.setBackend('cpu');
  const random = new RandomStream(1);
  const specification = { generator: { name: 'dcgan', latentSize: 4, width: 2 }, sampleShape: [8, 8, 1] };
  const generator = dcganGenerator({ outputShape: [8, 8, 1], latentSize: 4, width: 2, random });
  const { json, weights } = await encodeGenerator(generator, { specification, data: 'mnist', valueRange: [-1, 1] });
  const files: Record<string, Blob> = {
    '/digits/generator.json': new Blob([json]),
    '/digits/generator.safetensors': new Blob([weights as BlobPart]),
  };
  const { generator: loaded, document } = await loadGeneratorFromUrl('https://example.org/digits/', {
    fetch: async (input) => new Response(files[new URL(String(input)).pathname]),
  });
  expect(document).toMatchObject({ data: 'mnist', valueRange: [-1, 1], latent: { shape: [4] } });
  const latent = random.normalTensor([3, 4]);
  const [made, again] = [generator, loaded].map((player) => player.generate(latent, { training: false }));
  expect([...(await again!.data())]).toEqual([...(await made!.data())]);
  expect((await exportOnnx(loaded)).length).toBeGreaterThan(weights.length);
  tf.dispose([latent, made!, again!]);
  generator.dispose();
  loaded.dispose();
});
