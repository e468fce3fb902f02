import { disposeBatch, RandomStream } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { imageSet } from './image-set.ts';

let tensors = 0;
beforeEach(() => {
  tensors = tf.memory().numTensors;
});
afterEach(() => {
  expect(tf.memory().numTensors).toBe(tensors);
});

test('bytes become -1 to 1, channels last, labels alongside', async () => {
  const set = imageSet({
    name: 'two',
    shape: [1, 2, 1],
    pixels: Uint8Array.from([0, 255, 51, 204]),
    labels: Uint8Array.from([3, 4]),
  });
  const { value } = await set.batches({ batchSize: 2, random: new RandomStream(1) }).next();
  const rows = Array.from((await value.labels.data()) as Int32Array, (label, row) => [label, row] as const).sort(
    ([a], [b]) => a - b,
  );
  const values = (await value.data.array()) as number[][][][];
  expect(value.data.shape).toEqual([2, 1, 2, 1]);
  expect(value.labels.dtype).toBe('int32');
  const flat = rows.map(([, row]) => values[row]!.flat(2));
  expect(flat[0]).toEqual([-1, 1]);
  expect(flat[1]![0]).toBeCloseTo(-0.6, 6);
  expect(flat[1]![1]).toBeCloseTo(0.6, 6);
  tf.dispose([value.data, value.labels]);
});

test('padding puts the image in the middle', async () => {
  const set = imageSet({ name: 'one', shape: [2, 2, 1], pixels: new Uint8Array(4).fill(255), padTo: 4 });
  expect(set).toMatchObject({ kind: 'images', shape: [4, 4, 1] });
  const { value } = await set.batches({ batchSize: 1, random: new RandomStream(1) }).next();
  const image = ((await value.data.array()) as number[][][][])[0]!.map((row) => row.flat());
  expect(image).toEqual([
    [-1, -1, -1, -1],
    [-1, 1, 1, -1],
    [-1, 1, 1, -1],
    [-1, -1, -1, -1],
  ]);
  tf.dispose(value.data);
});

test('labels, vectors and paired images come with their own sample, in any order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 1, max: 20 }),
      fc.integer(),
      async (size, want, seed) => {
        const index = Array.from({ length: size }, (_, sample) => sample);
        const set = imageSet({
          name: 'all',
          shape: [1, 1, 1],
          pixels: Uint8Array.from(index),
          labels: index.map((sample) => 1000 * sample),
          vectors: Float32Array.from(index.flatMap((sample) => [sample, sample + 0.5])),
          images: {
            shape: [1, 2, 1],
            pixels: Uint8ClampedArray.from(index.flatMap((sample) => [sample, sample + 100])),
          },
        });
        const options = {
          batchSize: Math.min(size, want),
          random: new RandomStream(seed),
          epochs: 1,
          lastBatch: 'keep',
        } as const;
        const seen: number[] = [];
        for await (const batch of set.batches(options)) {
          const count = batch.data.shape[0]!;
          const samples = Array.from(batch.data.dataSync(), (value) => Math.round((value + 1) * 127.5));
          expect([...batch.labels!.dataSync()]).toEqual(samples.map((sample) => 1000 * sample));
          expect(batch.vectors!.arraySync()).toEqual(samples.map((sample) => [sample, sample + 0.5]));
          expect(batch.images!.shape).toEqual([count, 1, 2, 1]);
          const pairs = Array.from(batch.images!.dataSync(), (value) => Math.round((value + 1) * 127.5));
          expect(pairs).toEqual(samples.flatMap((sample) => [sample, sample + 100]));
          seen.push(...samples);
          disposeBatch(batch);
        }
        expect(seen.sort((a, b) => a - b)).toEqual(index);
      },
    ),
    { numRuns: 40 },
  );
});

test('more classes than a byte can hold', async () => {
  const classNames = Array.from({ length: 1000 }, (_, label) => `class ${label}`);
  const pixels = new Uint8Array(3);
  for (const labels of [Uint16Array.from([999, 0, 300]), Int32Array.from([999, 0, 300]), [999, 0, 300]]) {
    const set = imageSet({ name: 'many', shape: [1, 1, 1], pixels, labels, classNames });
    expect(set.classNames).toHaveLength(1000);
    const { value } = await set.batches({ batchSize: 3 }).next();
    expect([...value.labels.dataSync()]).toEqual([999, 0, 300]);
    disposeBatch(value);
  }
});

test('a pair is padded together', async () => {
  const pixels = new Uint8Array(4).fill(255);
  const images = { shape: [2, 2, 3] as const, pixels: new Uint8Array(12).fill(255) };
  const set = imageSet({ name: 'pair', shape: [2, 2, 1], pixels, images, padTo: 3, padValue: 51 });
  const { value } = await set.batches({ batchSize: 1 }).next();
  expect(value.images.shape).toEqual([1, 3, 3, 3]);
  const first = tf.slice(value.images, [0, 0, 0, 0], [1, 3, 3, 1]);
  expect([...first.dataSync()]).toEqual([...value.data.dataSync()]);
  expect(value.data.dataSync()[8]).toBeCloseTo(-0.6, 6);
  first.dispose();
  disposeBatch(value);
  expect(() => imageSet({ name: 'pair', shape: [1, 4, 1], pixels, images, padTo: 4 })).toThrow(
    "The images beside those of 'pair' are 2 x 2, not 1 x 4, so padTo would move one against the other; pad both before.",
  );
});

const four = { name: 'four', shape: [1, 1, 1] as const, pixels: new Uint8Array(4) };
const classNames = ['a', 'b', 'c'];

test.each<[string, object, string]>([
  [
    'a part of an image',
    { shape: [2, 3, 1] },
    "'four' has 4 bytes of pixels, which is not a whole number of images of shape [2, 3, 1]",
  ],
  ['no image', { pixels: new Uint8Array(0) }, 'has 0 bytes of pixels'],
  [
    'numbers for bytes',
    { pixels: new Float32Array(4) },
    "The pixels of 'four' must be bytes from 0 to 255 in a Uint8Array or Uint8ClampedArray, not Float32Array; for numbers in [-1, 1] use arraySet.",
  ],
  ['a list for bytes', { pixels: [1, 2, 3, 4] }, 'not Array'],
  ['no bytes', { pixels: undefined }, "imageSet needs the option 'pixels'"],
  [
    'a shape of two sizes',
    { shape: [2, 2] },
    "The pixels of 'four' must have a shape [height, width, channels], not [2, 2].",
  ],
  ['a shape that is none', { shape: 4 }, "The shape of 'four' must be a list of sizes, not 4."],
  ['too few labels', { labels: [0, 1, 2] }, "'four' has 4 samples but 3 labels; give one label for each sample."],
  [
    'labels that are none',
    { labels: {} },
    "The labels of 'four' must be an array or a typed array of numbers, not Object.",
  ],
  [
    'a label too high',
    { labels: [0, 2, 3, 4], classNames },
    "The labels of 'four' must be whole numbers from 0 to 2, not 3 at index 2; there are 3 classes.",
  ],
  ['a label too low', { labels: Int32Array.from([0, -1, 0, 0]), classNames }, 'not -1 at index 1; there are 3 classes'],
  ['a label between', { labels: [0, 0, 0, 0.5] }, 'whole numbers from 0 to 2147483647, not 0.5 at index 3.'],
  ['a label that is text', { labels: ['0', 0, 0, 0] }, "not '0' at index 0"],
  ['names of no classes', { classNames }, "'four' has class names but no labels; give both or neither."],
  ['vectors of no length', { vectors: new Float32Array(6) }, "'four' has 4 samples but 6 numbers in its vectors"],
  ['vectors that are none', { vectors: {} }, 'must be an array'],
  [
    'a vector that is not finite',
    { vectors: [1, 2, 3, 4, 5, 6, Number.NaN, 8] },
    "The vectors of 'four' hold NaN at index 6 (sample 3, number 0); replace or leave out what is not finite.",
  ],
  [
    'too few images',
    { images: { shape: [1, 1, 1], pixels: new Uint8Array(3) } },
    "'four' has 4 samples but 3 images of shape [1, 1, 1] beside them",
  ],
  [
    'images that are no bytes',
    { images: { shape: [1, 1, 1], pixels: new Float32Array(4) } },
    "The images of 'four' must be bytes",
  ],
  ['images without a shape', { images: { pixels: new Uint8Array(4) } }, "images needs the option 'shape'"],
  ['too little padding', { padTo: 0.5 }, "padTo must be at least the images' 1 x 1, not 0.5."],
  ['padding of no byte', { padTo: 2, padValue: 256 }, 'padValue must be a byte from 0 to 255, not 256.'],
  ['an unknown option', { label: [0, 0, 0, 0] }, "did you mean 'labels'?"],
])('%s is refused', (_, wrong, message) => {
  expect(() => imageSet({ ...four, ...wrong })).toThrow(message);
});
