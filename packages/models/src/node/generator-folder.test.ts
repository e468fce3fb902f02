import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RandomStream } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { buildGenerator } from '../registry/index.ts';
import { loadGenerator, saveGenerator } from './generator-folder.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gankit-generator-'));
});
afterEach(() => rm(folder, { recursive: true }));

const specification = { generator: { name: 'dcgan', width: 4, latentSize: 5 }, sampleShape: [8, 8, 1] };
const document = { specification, data: 'mnist', step: 12 };

async function saved(): Promise<tf.TypedArray> {
  const generator = buildGenerator(specification, new RandomStream(1));
  const latent = new RandomStream(2).normalTensor([3, 5]);
  const samples = generator.generate(latent, { training: false });
  const values = await samples.data();
  await saveGenerator(join(folder, 'deep/er'), generator, document);
  tf.dispose([latent, samples]);
  generator.dispose();
  return values;
}

test('a generator comes back with the same samples and its document, and nothing leaks', async () => {
  const before = tf.memory().numTensors;
  const values = await saved();
  expect((await readdir(join(folder, 'deep/er'))).sort()).toEqual(['generator.json', 'generator.safetensors']);
  const { generator, document: loaded } = await loadGenerator(join(folder, 'deep/er'));
  expect(loaded).toMatchObject(document);
  const latent = new RandomStream(2).normalTensor([3, 5]);
  const samples = generator.generate(latent, { training: false });
  expect(await samples.data()).toEqual(values);
  tf.dispose([latent, samples]);
  generator.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

test('the same generator is written as the same bytes', async () => {
  await saved();
  const read = () => readFile(join(folder, 'deep/er/generator.safetensors'));
  const first = await read();
  await saved();
  expect((await read()).equals(first)).toBe(true);
});

/** The specification with other options of its generator. */
const withOptions = (options: object) => ({
  ...specification,
  generator: { ...specification.generator, ...options },
});

test.each([
  ['not JSON', '{', 'is not JSON'],
  ['another document', '{"format":"other"}', 'does not describe a generator'],
  [
    'a version from the future',
    JSON.stringify({ format: 'gankit-generator', version: 9, specification }),
    'has version 9',
  ],
  [
    'an architecture that would fill the memory',
    JSON.stringify({ format: 'gankit-generator', version: 2, specification: withOptions({ width: 1e9 }) }),
    'does not describe a generator',
  ],
  [
    'weights of another size',
    JSON.stringify({ format: 'gankit-generator', version: 2, specification: withOptions({ width: 8 }) }),
    'it belongs to another architecture',
  ],
  [
    'an unknown architecture',
    JSON.stringify({
      format: 'gankit-generator',
      version: 2,
      specification: withOptions({ name: 'dcgn' }),
    }),
    "did you mean 'dcgan'?",
  ],
])('%s is refused, and nothing leaks', async (_, json, message) => {
  await saved();
  const before = tf.memory().numTensors;
  await writeFile(join(folder, 'deep/er/generator.json'), json);
  await expect(loadGenerator(join(folder, 'deep/er'))).rejects.toThrow(message);
  expect(tf.memory().numTensors).toBe(before);
});

test('damaged and missing weights are refused', async () => {
  await expect(loadGenerator(folder)).rejects.toMatchObject({ code: 'file', message: /train a generator first/ });
  await saved();
  await writeFile(join(folder, 'deep/er/generator.safetensors'), new Uint8Array(4));
  await expect(loadGenerator(join(folder, 'deep/er'))).rejects.toMatchObject({
    code: 'invalid-data',
    message: /4 bytes/,
  });
});
