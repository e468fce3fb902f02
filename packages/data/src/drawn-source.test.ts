import { type Batch, disposeBatch, RandomStream, type State } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type DrawnSourceOptions, drawnSource } from './drawn-source.ts';

let tensors = 0;
beforeEach(() => {
  tensors = tf.memory().numTensors;
});
afterEach(() => {
  expect(tf.memory().numTensors).toBe(tensors);
});

const noise = (options: Partial<DrawnSourceOptions> = {}) =>
  drawnSource({
    name: 'noise',
    kind: 'sequence',
    shape: [3],
    draw: (count, random) => ({ data: random.uniformTensor([count, 3], -1, 1) }),
    ...options,
  });

async function take(stream: AsyncIterator<Batch>, batches: number): Promise<number[][]> {
  const taken: number[][] = [];
  for (let index = 0; index < batches; index++) {
    const { value } = await stream.next();
    taken.push([...value.data.dataSync()]);
    disposeBatch(value);
  }
  return taken;
}

const json = (state: State): State => JSON.parse(JSON.stringify(state));

test('batches differ, come again with the same seed, and differ with another', async () => {
  const read = (seed: number) => take(noise().batches({ batchSize: 4, random: new RandomStream(seed) }), 6);
  const batches = await read(1);
  expect(new Set(batches.map(String)).size).toBe(6);
  expect(await read(1)).toEqual(batches);
  expect(await read(2)).not.toEqual(batches);
});

test('draws that take time and overlap give the same batches as draws at once, and resume from every position', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.integer({ min: 0, max: 4 }), async (scheduler, prefetch) => {
      const options = () => ({ batchSize: 2, random: new RandomStream(7) });
      const expected = await take(noise().batches(options()), 8);
      const slow = noise({
        prefetch,
        async draw(count, random) {
          const values: number[] = [];
          for (let sample = 0; sample < count; sample++) {
            await scheduler.schedule(Promise.resolve());
            for (let index = 0; index < 3; index++) values.push(2 * random.uniform() - 1);
          }
          return { data: tf.tensor2d(values, [count, 3]) };
        },
      });
      const stream = slow.batches(options());
      for (let taken = 0; taken < 4; taken++) {
        const resumed = slow.batches({ batchSize: 2, random: new RandomStream(99) });
        resumed.loadState(json(await stream.saveState()));
        expect(await scheduler.waitFor(take(resumed, 3))).toEqual(expected.slice(taken, taken + 3));
        await scheduler.waitFor(resumed.return!());
        expect(await scheduler.waitFor(take(stream, 1))).toEqual([expected[taken]]);
      }
      await scheduler.waitFor(stream.return!());
      expect(tf.memory().numTensors).toBe(tensors);
    }),
    { numRuns: 50 },
  );
});

test("the caller's stream is neither moved nor rewound", async () => {
  const random = new RandomStream(5);
  const stream = noise().batches({ batchSize: 2, random });
  const state = await stream.saveState();
  await take(stream, 2);
  expect(random.saveState()).toEqual(new RandomStream(5).saveState());
  random.uint32();
  const moved = random.saveState();
  stream.loadState(state);
  await take(stream, 1);
  expect(random.saveState()).toEqual(moved);
});

test('what has no meaning for data without a size is refused', () => {
  const random = new RandomStream(1);
  expect(() => noise().batches({ batchSize: 2 })).toThrow(
    "'noise' draws its samples and has no order to read them in; give batches a random stream.",
  );
  expect(() => noise().batches({ batchSize: 2, random, epochs: 1 })).toThrow("'noise' is drawn without end");
  expect(() => noise().batches({ batchSize: 1.5, random })).toThrow('batchSize must be a whole number');
  expect(() => noise({ kind: 'images' })).toThrow('[height, width, channels]');
  expect(() => noise({ prefetch: -1 })).toThrow('prefetch');
  expect(() => drawnSource({ name: 'x', kind: 'points', shape: [2] } as never)).toThrow("needs the option 'draw'");
});

test('a batch that is not what was asked for is refused and freed; so is a damaged position', async () => {
  const random = new RandomStream(1);
  const wrong = noise({ draw: (count) => ({ data: tf.zeros([count, 2]) }) }).batches({ batchSize: 2, random });
  await expect(wrong.next()).rejects.toThrow('must be float32 of shape [batch, 3]');
  const stream = noise().batches({ batchSize: 2, random });
  const { values } = await stream.saveState();
  expect(() => stream.loadState({ values: { ...values, batch: -1 } })).toThrow('damaged');
  expect(() => stream.loadState({ values: { batch: 0 } })).toThrow('damaged');
});
