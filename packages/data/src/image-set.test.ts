import { RandomStream } from '@gankit/core';
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

/** `count` images of one pixel each, whose value and label are their index. */
function counting(count: number) {
  const bytes = Uint8Array.from({ length: count }, (_, index) => index);
  return imageSet({ name: 'counting', shape: [1, 1, 1], pixels: bytes, labels: bytes });
}

async function take(stream: ReturnType<ReturnType<typeof imageSet>['batches']>, batches: number): Promise<number[][]> {
  const taken: number[][] = [];
  for (let index = 0; index < batches; index++) {
    const { value } = await stream.next();
    taken.push([...(await value.labels.data())]);
    tf.dispose([value.data, value.labels]);
  }
  return taken;
}

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

test('every sample comes once an epoch, a short last batch is dropped, and epochs differ in order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 40 }),
      fc.integer(),
      async (size, want, seed) => {
        const batchSize = Math.min(size, want);
        const perEpoch = Math.floor(size / batchSize);
        const taken = await take(counting(size).batches({ batchSize, random: new RandomStream(seed) }), 2 * perEpoch);
        for (const epoch of [taken.slice(0, perEpoch), taken.slice(perEpoch)]) {
          expect(new Set(epoch.flat()).size).toBe(perEpoch * batchSize);
        }
      },
    ),
    { numRuns: 50 },
  );
  const [first, second] = await take(counting(100).batches({ batchSize: 100, random: new RandomStream(7) }), 2);
  expect(first).not.toEqual(second);
});

test('the same seed gives the same order, another seed another', async () => {
  const read = (seed: number) => take(counting(50).batches({ batchSize: 10, random: new RandomStream(seed) }), 7);
  expect(await read(1)).toEqual(await read(1));
  expect(await read(1)).not.toEqual(await read(2));
});

test('a saved position goes on with the same batches, at any moment', async () => {
  for (let before = 0; before < 8; before++) {
    const stream = counting(23).batches({ batchSize: 5, random: new RandomStream(3) });
    await take(stream, before);
    const state = JSON.parse(JSON.stringify(await stream.saveState()));
    const expected = await take(stream, 9);
    const resumed = counting(23).batches({ batchSize: 5, random: new RandomStream(99) });
    resumed.loadState(state);
    expect(await take(resumed, 9)).toEqual(expected);
  }
});

test('a position in another data set, and a damaged one, are refused', async () => {
  const state = await counting(23)
    .batches({ batchSize: 5, random: new RandomStream(3) })
    .saveState();
  const other = counting(24).batches({ batchSize: 5, random: new RandomStream(3) });
  expect(() => other.loadState(state)).toThrow('23 samples, this one has 24');
  expect(() => other.loadState({ values: { size: 24 } })).toThrow('damaged');
});

test('padding puts the image in the middle', async () => {
  const set = imageSet({ name: 'one', shape: [2, 2, 1], pixels: new Uint8Array(4).fill(255), padTo: 4 });
  expect(set.shape).toEqual([4, 4, 1]);
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

test('what does not fit is refused', () => {
  const pixels = new Uint8Array(8);
  const shape = [2, 2, 1] as const;
  expect(() => imageSet({ name: 'odd', shape, pixels: pixels.subarray(1) })).toThrow('7 bytes of pixels');
  expect(() => imageSet({ name: 'few', shape, pixels, labels: new Uint8Array(3) })).toThrow('2 images but 3 labels');
  expect(() => imageSet({ name: 'small', shape, pixels, padTo: 1 })).toThrow('at least');
  const random = new RandomStream(1);
  expect(() => imageSet({ name: 'two', shape, pixels }).batches({ batchSize: 3, random })).toThrow(
    "A batch of 3 is larger than the data set 'two' with its 2 samples",
  );
  expect(() => imageSet({ name: 'two', shape, pixels }).batches({ batchSize: 0, random })).toThrow('not 0');
});
