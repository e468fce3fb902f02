import { labelTensor } from '@gankit/conditional';
import { buildConditionalGenerator } from '@gankit/conditional/registry';
import { RandomStream } from '@gankit/core';
import type { LoadedGenerator } from '@gankit/models';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { drawSamples } from './draw-samples.ts';
import { type InterpolationOptions, interpolateSamples } from './interpolation.ts';

/** A generator of 4 x 4 images that is told one of three classes. */
let told: LoadedGenerator;
let plain: LoadedGenerator;
beforeAll(() => {
  const generator = { name: 'mlp', latentSize: 3, hidden: [8] };
  const classes = { conditioning: [{ name: 'concatenation' }], classes: 3 };
  const make = (more: object): LoadedGenerator => {
    const specification = { generator, sampleShape: [4, 4, 1], ...more };
    const built = buildConditionalGenerator(specification, new RandomStream(1));
    return { generator: built, document: { specification, classNames: ['cat', 'dog', 'owl'] } };
  };
  told = make(classes);
  plain = make({});
});
afterAll(() => {
  told.generator.dispose();
  plain.generator.dispose();
});

/** The samples of a way, frame by frame. */
async function framesOf(loaded: LoadedGenerator, options: InterpolationOptions): Promise<number[][][]> {
  const before = tf.memory().numTensors;
  const { values, shape } = await interpolateSamples(loaded, options);
  expect(tf.memory().numTensors).toBe(before);
  const [count = 0, frames = 0, ...sample] = shape;
  expect(sample).toEqual([4, 4, 1]);
  return Array.from({ length: count }, (_, way) =>
    Array.from({ length: frames }, (_, frame) => [
      ...values.subarray((way * frames + frame) * 16, (way * frames + frame + 1) * 16),
    ]),
  );
}

const distance = (a: readonly number[], b: readonly number[]) =>
  Math.sqrt(a.reduce((sum, value, index) => sum + (value - b[index]!) ** 2, 0));

test('with one latent and two classes, the ends are the samples of the classes', async () => {
  const [way] = await framesOf(told, { count: 1, frames: 3, fromClass: 'cat', toClass: 2, seed: 5 });
  const stay = (label: number) => framesOf(told, { count: 1, frames: 3, fromClass: label, seed: 5 });
  // A line that stays in a class begins at the same latent.
  expect(distance(way![0]!, (await stay(0))[0]![0]!)).toBeLessThan(1e-6);
  expect(distance(way![2]!, (await stay(2))[0]![0]!)).toBeLessThan(1e-6);
  expect(distance(way![0]!, way![2]!)).toBeGreaterThan(1e-3);
});

test('each way has its own latents and its own class; the same seed gives the same', async () => {
  const ways = await framesOf(told, { count: 4, frames: 2 });
  expect(ways).toEqual(await framesOf(told, { count: 4, frames: 2 }));
  for (let way = 1; way < 4; way++) expect(distance(ways[0]![0]!, ways[way]![0]!)).toBeGreaterThan(1e-4);
});

test('a walk has no jump, also from its last frame to its first', async () => {
  for (const [loaded, options] of [
    [plain, {}],
    [told, { fromClass: 0, toClass: 1 }],
  ] as const) {
    const [way] = await framesOf(loaded, { count: 1, frames: 90, way: 'walk', ...options });
    const steps = way!.map((frame, index) => distance(frame, way![(index + 1) % 90]!));
    const total = steps.reduce((sum, step) => sum + step, 0);
    expect(total).toBeGreaterThan(0);
    expect(Math.max(...steps)).toBeLessThan(0.1 * total);
  }
});

test('more frames than are made at once are the same ones', async () => {
  const [long] = await framesOf(plain, { count: 1, frames: 241 });
  const [short] = await framesOf(plain, { count: 1, frames: 3 });
  for (const [index, frame] of short!.entries()) expect(distance(frame, long![120 * index]!)).toBeLessThan(1e-5);
});

test('what cannot be is one sentence', async () => {
  const refused = (loaded: LoadedGenerator, options: InterpolationOptions) =>
    expect(interpolateSamples(loaded, options)).rejects;
  await refused(told, { toClass: 1 }).toThrow('give both');
  await refused(told, { fromClass: 'cow' }).toThrow("0 to 2, or one of: cat, dog, owl; not 'cow'");
  await refused(plain, { fromClass: 0 }).toThrow('This generator is told no classes');
  await refused(told, { frames: 1 }).toThrow('frames');
});

test('samples are of the class that was asked for, and in turn where none was', async () => {
  const before = tf.memory().numTensors;
  const dogs = await drawSamples(told, { count: 3, label: 'dog' });
  const latent = tf.tidy(() => new RandomStream(1).normalTensor([3, 3]));
  const labels = labelTensor([1, 1, 1], 3);
  const same = tf.tidy(() => told.generator.generate(latent, { training: false, condition: { labels } }).dataSync());
  tf.dispose([latent, labels]);
  expect([...dogs]).toEqual([...same]);
  const inTurn = await drawSamples(told, { count: 3 });
  expect([...inTurn.subarray(16, 32)]).toEqual([...dogs.subarray(16, 32)]);
  expect([...inTurn.subarray(0, 16)]).not.toEqual([...dogs.subarray(0, 16)]);
  expect(tf.memory().numTensors).toBe(before);
});
