import { type Batch, type BatchOptions, type DataSource, disposeBatch, RandomStream, type State } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type IndexedSourceOptions, indexedSource } from './indexed-source.ts';

let tensors = 0;
beforeEach(() => {
  tensors = tf.memory().numTensors;
});
afterEach(() => {
  expect(tf.memory().numTensors).toBe(tensors);
});

/** Samples whose one value is their index over their number. */
function counting(size: number, options: Partial<IndexedSourceOptions> = {}): DataSource {
  const read = (indices: Uint32Array): Batch => ({
    data: tf.tensor2d(
      Float32Array.from(indices, (index) => index / size),
      [indices.length, 1],
    ),
    labels: tf.tensor1d(Int32Array.from(indices), 'int32'),
  });
  return indexedSource({ name: 'counting', kind: 'table', shape: [1], size, read, ...options });
}

/** The indices in a batch, which is freed; `undefined` at the end. */
function indicesOf({ value, done }: IteratorResult<Batch>): number[] | undefined {
  if (done) return undefined;
  const indices = [...value.labels!.dataSync()];
  disposeBatch(value);
  return indices;
}

async function take(stream: AsyncIterator<Batch>, batches: number): Promise<number[][]> {
  const taken: number[][] = [];
  for (let index = 0; index < batches; index++) {
    const indices = indicesOf(await stream.next());
    if (indices === undefined) break;
    taken.push(indices);
  }
  return taken;
}

const json = (state: State): State => JSON.parse(JSON.stringify(state));
const sorted = (indices: readonly number[]) => [...indices].sort((a, b) => a - b);

/** Options of `batches` for a set of `size`, with a stream from `seed` or none. */
const reading = fc
  .record({
    size: fc.integer({ min: 1, max: 30 }),
    want: fc.integer({ min: 1, max: 30 }),
    seed: fc.option(fc.integer(), { nil: undefined }),
    epochs: fc.integer({ min: 1, max: 3 }),
    lastBatch: fc.constantFrom('drop' as const, 'keep' as const, undefined),
  })
  .map(({ size, want, seed, epochs, lastBatch }) => ({
    size,
    batchSize: Math.min(size, want),
    seed,
    epochs,
    lastBatch,
  }));

function optionsOf({ batchSize, seed, epochs, lastBatch }: typeof reading extends fc.Arbitrary<infer T> ? T : never) {
  const random = seed === undefined ? undefined : new RandomStream(seed);
  return { batchSize, random, epochs, lastBatch } satisfies BatchOptions;
}

test('each epoch gives every sample once, or all but a short last batch, and the stream ends after the last epoch', async () => {
  await fc.assert(
    fc.asyncProperty(reading, async (options) => {
      const { size, batchSize, seed, epochs, lastBatch } = options;
      const lengths = Array.from({ length: Math.ceil(size / batchSize) }, (_, batch) => {
        return Math.min(batchSize, size - batch * batchSize);
      }).filter((length) => lastBatch === 'keep' || length === batchSize);
      const stream = counting(size).batches(optionsOf(options));
      for (let epoch = 0; epoch < epochs; epoch++) {
        const batches = await take(stream, lengths.length);
        expect(batches.map((batch) => batch.length)).toEqual(lengths);
        const given = batches.flat();
        const all = Array.from({ length: given.length }, (_, index) => index);
        if (seed === undefined) expect(given).toEqual(all);
        else if (given.length === size) expect(sorted(given)).toEqual(all);
        else expect(new Set(given).size).toBe(given.length);
      }
      expect((await stream.next()).done).toBe(true);
      expect((await stream.next()).done).toBe(true);
    }),
  );
});

test('a position saved after any batch, also at the boundary of an epoch and at the end, goes on with the same batches', async () => {
  await fc.assert(
    fc.asyncProperty(reading, async (options) => {
      const source = counting(options.size);
      const whole = await take(source.batches(optionsOf(options)), 1000);
      const stream = source.batches(optionsOf(options));
      for (let taken = 0; taken <= whole.length + 1; taken++) {
        const other = options.seed === undefined ? undefined : options.seed + 1;
        const resumed = source.batches(optionsOf({ ...options, seed: other }));
        resumed.loadState(json(await stream.saveState()));
        expect(await take(resumed, 1000)).toEqual(whole.slice(taken));
        // The stream that is saved from is itself one that was resumed.
        stream.loadState(json(await stream.saveState()));
        expect(indicesOf(await stream.next())).toEqual(whole[taken]);
      }
    }),
  );
});

test('with a decoder of any delays and reading ahead: the same bytes, from every position', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), reading, fc.integer({ min: 0, max: 4 }), async (scheduler, options, prefetch) => {
      const { size } = options;
      const make = (ahead: number) =>
        counting(size, {
          prefetch: ahead,
          read: (indices) =>
            scheduler.schedule(Promise.resolve()).then(() => ({
              data: tf.tensor2d(
                Float32Array.from(indices, (index) => Math.sin(index)),
                [indices.length, 1],
              ),
              labels: tf.tensor1d(Int32Array.from(indices), 'int32'),
            })),
        });
      const bytes = async (stream: AsyncIterator<Batch>) => {
        const all: Uint8Array[] = [];
        for (let result = await stream.next(); !result.done; result = await stream.next()) {
          for (const tensor of [result.value.data, result.value.labels!]) {
            all.push(new Uint8Array(tensor.dataSync().slice().buffer));
          }
          disposeBatch(result.value);
        }
        return Buffer.concat(all);
      };
      const whole = await scheduler.waitFor(bytes(make(0).batches(optionsOf(options))));
      const batches = (await take(counting(size).batches(optionsOf(options)), 1000)).map(({ length }) => 8 * length);
      const stream = make(prefetch).batches(optionsOf(options));
      let taken = 0;
      for (const length of [0, ...batches]) {
        if (length > 0) disposeBatch((await scheduler.waitFor(stream.next())).value);
        taken += length;
        const resumed = make(prefetch).batches(optionsOf(options));
        resumed.loadState(json(await stream.saveState()));
        expect(await scheduler.waitFor(bytes(resumed))).toEqual(whole.subarray(taken));
      }
      await scheduler.waitFor(stream.return!());
      expect(tf.memory().numTensors).toBe(tensors);
    }),
    { numRuns: 60 },
  );
});

test('epochs are shuffled anew, by the seed, without end when nobody asks for one', async () => {
  const read = (seed: number) => take(counting(40).batches({ batchSize: 40, random: new RandomStream(seed) }), 5);
  const epochs = await read(1);
  expect(new Set(epochs.map(String)).size).toBe(5);
  expect(await read(1)).toEqual(epochs);
  expect(await read(2)).not.toEqual(epochs);
  expect(await take(counting(3).batches({ batchSize: 2 }), 4)).toEqual([
    [0, 1],
    [0, 1],
    [0, 1],
    [0, 1],
  ]);
});

test('a stream in use can be moved to another epoch, also of another seed', async () => {
  const stream = (seed: number) => counting(6).batches({ batchSize: 3, random: new RandomStream(seed) });
  const [used, other] = [stream(1), stream(2)];
  const start = await used.saveState();
  const first = await take(used, 3);
  used.loadState(start);
  expect(await take(used, 3)).toEqual(first);
  await take(other, 3);
  used.loadState(json(await other.saveState()));
  expect(await take(used, 5)).toEqual(await take(other, 5));
});

test('every place in a shuffled order is equally likely for every sample', async () => {
  const size = 5;
  const epochs = 3000;
  const counts = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  for (const order of await take(counting(size).batches({ batchSize: size, random: new RandomStream(9) }), epochs)) {
    order.forEach((sample, place) => {
      counts[place]![sample]!++;
    });
  }
  const deviation = Math.sqrt(epochs * (1 / size) * (1 - 1 / size));
  for (const count of counts.flat()) expect(Math.abs(count - epochs / size)).toBeLessThan(5 * deviation);
});

test("the caller's stream is neither moved nor rewound", async () => {
  const random = new RandomStream(5);
  const untouched = new RandomStream(5);
  const stream = counting(7).batches({ batchSize: 2, random });
  const state = await stream.saveState();
  await take(stream, 9);
  expect(random.saveState()).toEqual(untouched.saveState());
  random.uint32();
  const moved = random.saveState();
  stream.loadState(state);
  await take(stream, 2);
  expect(random.saveState()).toEqual(moved);
});

test('a position of other data, of another order, or a damaged one is refused', async () => {
  const shuffled = { batchSize: 5, random: new RandomStream(3) };
  const state = await counting(23).batches(shuffled).saveState();
  expect(() => counting(24).batches(shuffled).loadState(state)).toThrow('23 samples, this one has 24');
  expect(() => counting(23).batches({ batchSize: 5 }).loadState(state)).toThrow(
    'The saved position is in data that were read shuffled, these are read as stored',
  );
  for (const wrong of [{ epoch: -1 }, { position: 24 }, { position: 0.5 }, { epoch: 'x' }, { random: { words: [] } }]) {
    const stream = counting(23).batches(shuffled);
    expect(() => stream.loadState({ values: { ...state.values, ...wrong } })).toThrow('damaged');
  }
});

test('options of batches that make no sense are refused', () => {
  const source = counting(2);
  expect(() => source.batches({ batchSize: 3 })).toThrow(
    "A batch of 3 is larger than the data set 'counting' with its 2 samples; choose at most 2, or put each sample into the set more than once.",
  );
  expect(() => source.batches({ batchSize: 0 })).toThrow('batchSize must be a whole number of at least 1, not 0');
  expect(() => source.batches({ batchSize: 1, epochs: 0 })).toThrow('epochs must be a whole number of at least 1');
  expect(() => source.batches({ batchSize: 1, lastBatch: 'pad' as never })).toThrow("'drop' or 'keep', not 'pad'");
  expect(() => source.batches({ batchsize: 1 } as never)).toThrow("did you mean 'batchSize'?");
  expect(() => source.batches({} as never)).toThrow("needs the option 'batchSize'");
});

test('a source says what it holds, and a shape that does not go with it is refused', () => {
  expect(counting(4, { scale: 3, classNames: ['a'] })).toMatchObject({ kind: 'table', shape: [1], size: 4, scale: 3 });
  expect(() => counting(4, { kind: 'images' })).toThrow(
    "'counting' is of kind 'images', whose samples have shape [height, width, channels], but its shape is [1]",
  );
  for (const shape of [[24], [24, 2]]) expect(counting(4, { kind: 'sequence', shape }).shape).toEqual(shape);
  expect(() => counting(4, { kind: 'sequence', shape: [24, 2, 1] })).toThrow('[time] or [time, features]');
  expect(() => counting(4, { kind: 'picture' as never })).toThrow("no kind of data named 'picture'");
  expect(() => counting(4, { shape: [0] })).toThrow("shape[0] of 'counting' must be a whole number of at least 1");
  expect(() => counting(0)).toThrow("size of 'counting' must be a whole number of at least 1, not 0");
  expect(() => counting(4, { scale: 0 })).toThrow('scale must be');
});

test.each<[string, (count: number) => unknown, string]>([
  ['nothing', () => undefined, "'counting' gave no batch"],
  ['no tensor', () => ({ data: [1] }), "'counting' gave no batch"],
  ['another shape', (count) => ({ data: tf.zeros([count, 2]) }), 'must be float32 of shape [batch, 1]'],
  ['too many samples', (count) => ({ data: tf.zeros([count + 1, 1]) }), 'but 3 samples were asked for'],
  [
    'too few labels',
    (count) => ({ data: tf.zeros([count, 1]), labels: tf.zeros([count - 1], 'int32') }),
    "The labels in a batch of 'counting' have shape [2], but 3 samples were asked for",
  ],
])('a read that gives %s is refused and freed, at once and later', async (_, made, message) => {
  const read = ({ length }: Uint32Array) => made(length) as Batch;
  for (const source of [counting(6, { read }), counting(6, { read: async (indices) => read(indices) })]) {
    const stream = source.batches({ batchSize: 3 });
    await expect(stream.next()).rejects.toThrow(message);
    expect((await stream.saveState()).values).toMatchObject({ position: 0 });
  }
});
