import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildConditionalGenerator } from '@gankit/conditional/registry';
import { RandomStream } from '@gankit/core';
import type { LoadedGenerator } from '@gankit/models';
import { imageGrid } from '@gankit/pictures';
import { encodePng } from '@gankit/pictures/png';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { drawSamples } from '../draw-samples.ts';
import { projectPictures } from './project-pictures.ts';

let folder: string;
let loaded: LoadedGenerator;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gankit-project-'));
  const specification = { generator: { name: 'mlp', latentSize: 2, hidden: [16] }, sampleShape: [8, 8, 1] };
  loaded = { generator: buildConditionalGenerator(specification, new RandomStream(1)), document: { specification } };
});
afterAll(async () => {
  loaded.generator.dispose();
  await rm(folder, { recursive: true });
});

test('what the generator made is found again, and what it cannot make is not', async () => {
  const made = await drawSamples(loaded, { count: 1, seed: 7 });
  const [own, other] = [join(folder, 'own.png'), join(folder, 'other.png')];
  await writeFile(own, encodePng(imageGrid(made, [1, 8, 8, 1])));
  const checks = Float32Array.from({ length: 64 }, (_, pixel) => ((pixel + (pixel >> 3)) % 2 === 0 ? 1 : -1));
  await writeFile(other, encodePng(imageGrid(checks, [1, 8, 8, 1])));
  const before = tf.memory().numTensors;
  const { pictures, samples, latents, shape, errors } = await projectPictures(loaded, [own, other], { steps: 150 });
  expect(tf.memory().numTensors).toBe(before);
  expect([shape, latents.length]).toEqual([[2, 8, 8, 1], 4]);
  // A byte is as exact as a file is.
  made.forEach((value, pixel) => {
    expect(Math.abs(pictures[pixel]! - value)).toBeLessThan(1 / 127);
  });
  expect(errors[0]).toBeLessThan(1e-3);
  expect(errors[1]).toBeGreaterThan(0.5);
  const error = made.reduce((sum, _, pixel) => sum + (samples[pixel]! - pictures[pixel]!) ** 2, 0) / 64;
  expect(error).toBeCloseTo(errors[0]!, 4);
});

test('what is no picture, and none, are one sentence', async () => {
  await expect(projectPictures(loaded, [])).rejects.toThrow('the number of pictures');
  await expect(projectPictures(loaded, [join(folder, 'nowhere.png')])).rejects.toThrow(/nowhere.png/);
  await expect(projectPictures(loaded, ['a.png'], { label: 1 })).rejects.toThrow('told no classes');
});
