// The stream under decoders that take arbitrary time: fast-check's scheduler decides which read ends when.
import type { Batch, BatchStream, State } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type BatchPosition, batchStream } from './batch-stream.ts';

let tensors = 0;
beforeEach(() => {
  tensors = tf.memory().numTensors;
});
afterEach(() => {
  expect(tf.memory().numTensors).toBe(tensors);
});

/** Counts from 0 to `end` - 1. */
class Count implements BatchPosition<number> {
  readonly #end: number;
  #at = 0;

  constructor(end: number) {
    this.#end = end;
  }

  next(): number | undefined {
    return this.#at < this.#end ? this.#at++ : undefined;
  }

  saveState(): State {
    return { values: { at: this.#at } };
  }

  loadState({ values }: State): void {
    if (typeof values?.['at'] !== 'number') throw new Error('damaged');
    this.#at = values['at'];
  }
}

/** A batch whose one value is its number. */
const batchOf = (number: number): Batch => ({ data: tf.tensor1d([number]), labels: tf.tensor1d([number], 'int32') });

/** The number of a batch, which is freed; `undefined` at the end. */
function numberOf({ value, done }: IteratorResult<Batch>): number | undefined {
  if (done) return undefined;
  const number = value.data.dataSync()[0];
  tf.dispose([value.data, value.labels]);
  return number;
}

const numbersFrom = (start: number, end: number) => Array.from({ length: end - start }, (_, index) => start + index);
/** After every promise that is settled now has told so. */
const nextTurn = () => new Promise((resolve) => setTimeout(resolve));
const json = (state: State): State => JSON.parse(JSON.stringify(state));

async function rest(stream: BatchStream): Promise<number[]> {
  const numbers: number[] = [];
  for await (const batch of stream) numbers.push(numberOf({ value: batch, done: false })!);
  return numbers;
}

/** A decoder whose reads end when the scheduler says so; the tensors are made then. */
const slowly = (scheduler: fc.Scheduler) => (number: number) =>
  scheduler.schedule(Promise.resolve(), `read ${number}`).then(() => batchOf(number));

const end = fc.integer({ min: 0, max: 8 });
const prefetch = fc.integer({ min: 0, max: 4 });

test('whatever the delays: every batch in order, also for calls at the same time, and a save is of what was taken', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      end,
      prefetch,
      fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 6, maxLength: 12 }),
      async (scheduler, end, prefetch, groups) => {
        const make = () => batchStream({ position: new Count(end), prefetch, read: slowly(scheduler) });
        const stream = make();
        const numbers: (number | undefined)[] = [];
        for (const calls of groups) {
          const results = Promise.all(Array.from({ length: calls }, () => stream.next()));
          const whileWaiting = await stream.saveState();
          expect(whileWaiting).toEqual({ values: { at: Math.min(numbers.length, end) } });
          numbers.push(...(await scheduler.waitFor(results)).map(numberOf));
          const resumed = make();
          resumed.loadState(json(await stream.saveState()));
          expect(await scheduler.waitFor(rest(resumed))).toEqual(numbersFrom(Math.min(numbers.length, end), end));
        }
        expect(numbers.slice(0, end)).toEqual(numbersFrom(0, Math.min(end, numbers.length)));
        expect(numbers.slice(end).every((number) => number === undefined)).toBe(true);
        await scheduler.waitFor(stream.return!());
        expect(tf.memory().numTensors).toBe(tensors);
      },
    ),
  );
});

test('after a move nothing of the old place is delivered, not even to calls that waited, and nothing leaks', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      prefetch,
      fc.array(
        fc.record({
          to: fc.integer({ min: 0, max: 9 }),
          calls: fc.integer({ min: 0, max: 3 }),
          reads: fc.integer({ min: 0, max: 4 }),
        }),
        { minLength: 1, maxLength: 6 },
      ),
      async (scheduler, prefetch, moves) => {
        let era = 0;
        const read = (number: number) => {
          const started = era;
          return slowly(scheduler)(number).then((batch) => {
            expect(numberOf({ value: batch, done: false })).toBe(number);
            return batchOf(100 * started + number);
          });
        };
        const stream = batchStream({ position: new Count(30), prefetch, read });
        const position = async () => (await stream.saveState()).values!['at'] as number;
        for (const { to, calls, reads } of moves) {
          const from = await position();
          const waiting = Array.from({ length: calls }, () => stream.next());
          for (let index = 0; index < reads && scheduler.count() > 0; index++) await scheduler.waitNext(1);
          // A call that was answered before the move has the old place's batch, all others have the new place's.
          const moved = position();
          stream.loadState({ values: { at: to } });
          era++;
          const answered = (await moved) - from;
          expect((await scheduler.waitFor(Promise.all(waiting))).map(numberOf)).toEqual([
            ...numbersFrom(from, from + answered).map((number) => 100 * (era - 1) + number),
            ...numbersFrom(to, to + calls - answered).map((number) => 100 * era + number),
          ]);
        }
        await scheduler.waitFor(stream.return!());
        expect(tf.memory().numTensors).toBe(tensors);
      },
    ),
  );
});

test('a read that fails is told to the call that wanted it, and is read again from there', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      end,
      prefetch,
      fc.uniqueArray(fc.integer({ min: 0, max: 7 })),
      fc.boolean(),
      async (scheduler, end, prefetch, wrong, atOnce) => {
        const broken = new Set(wrong.filter((number) => number < end));
        const read = (number: number) => {
          if (atOnce && broken.has(number)) throw new Error(`${number} is damaged`);
          return scheduler.schedule(Promise.resolve(), `read ${number}`).then(() => {
            if (broken.has(number)) throw new Error(`${number} is damaged`);
            return batchOf(number);
          });
        };
        const stream = batchStream({ position: new Count(end), prefetch, read });
        for (let number = 0; number < end; number++) {
          if (broken.has(number)) {
            await expect(scheduler.waitFor(stream.next())).rejects.toThrow(`${number} is damaged`);
            expect(await stream.saveState()).toEqual({ values: { at: number } });
            broken.delete(number);
          }
          expect(numberOf(await scheduler.waitFor(stream.next()))).toBe(number);
        }
        expect((await scheduler.waitFor(stream.next())).done).toBe(true);
        await scheduler.waitFor(stream.return!());
        expect(tf.memory().numTensors).toBe(tensors);
      },
    ),
  );
});

test('calls behind one that fails get the batch that failed, and no batch is left out', async () => {
  let broken = true;
  const stream = batchStream({
    position: new Count(4),
    prefetch: 2,
    async read(number) {
      if (number === 1 && broken) throw new Error('1 is damaged');
      return batchOf(number);
    },
  });
  const results = [stream.next(), stream.next(), stream.next(), stream.next()];
  expect(numberOf(await results[0]!)).toBe(0);
  await results[1]!.catch(() => {
    broken = false;
  });
  // The third call began in the very moment in which the second one failed: it read batch 1 again, in vain.
  await expect(results[2]).rejects.toThrow('1 is damaged');
  expect(numberOf(await results[3]!)).toBe(1);
  expect(await rest(stream)).toEqual([2, 3]);
});

test("a read ahead that fails is nobody else's business, and forgotten when the stream is moved", async () => {
  let fail: () => void = () => {};
  const stream = batchStream({
    position: new Count(4),
    prefetch: 1,
    read(number) {
      if (number !== 1) return batchOf(number);
      return new Promise<Batch>((_, reject) => {
        fail = () => reject(new Error('1 is damaged'));
      });
    },
  });
  expect(numberOf(await stream.next())).toBe(0);
  fail();
  // An unhandled rejection would end the program here.
  await nextTurn();
  await expect(stream.next()).rejects.toThrow('1 is damaged');
  const waiting = stream.next();
  stream.loadState({ values: { at: 2 } });
  fail();
  expect(numberOf(await waiting)).toBe(2);
  expect(await rest(stream)).toEqual([3]);
});

test('the position is not asked again once it has said that it is at the end', async () => {
  const position = new Count(2);
  const next = vi.spyOn(position, 'next');
  const stream = batchStream({ position, prefetch: 4, read: async (number) => batchOf(number) });
  expect(await rest(stream)).toEqual([0, 1]);
  expect((await stream.next()).done).toBe(true);
  expect(next).toHaveBeenCalledTimes(3);
});

test('as many batches are read ahead as was asked for, no more, and none before the first is wanted', async () => {
  const started: number[] = [];
  const ends: (() => void)[] = [];
  const stream = batchStream({
    position: new Count(6),
    prefetch: 2,
    read(number) {
      started.push(number);
      return new Promise<Batch>((resolve) => {
        ends[number] = () => resolve(batchOf(number));
      });
    },
  });
  expect(started).toEqual([]);
  const first = stream.next();
  expect(started).toEqual([0, 1, 2]);
  ends[1]!();
  ends[0]!();
  expect(numberOf(await first)).toBe(0);
  const second = stream.next();
  expect(started).toEqual([0, 1, 2, 3]);
  expect(numberOf(await second)).toBe(1);
  const closed = stream.return!();
  ends[2]!();
  ends[3]!();
  await closed;
  expect((await stream.next()).done).toBe(true);
});

test('closing answers calls that wait and frees what is still being read', async () => {
  let resolve: (batch: Batch) => void = () => {};
  const stream = batchStream({
    position: new Count(6),
    read: () =>
      new Promise<Batch>((done) => {
        resolve = done;
      }),
  });
  const waiting = stream.next();
  let isClosed = false;
  const closed = stream.return!().then(() => {
    isClosed = true;
  });
  await nextTurn();
  expect(isClosed).toBe(false);
  resolve(batchOf(0));
  expect((await waiting).done).toBe(true);
  await closed;
  expect(tf.memory().numTensors).toBe(tensors);
  stream.loadState({ values: { at: 0 } });
  expect((await stream.next()).done).toBe(true);
});

test('a read can end the stream; what was read behind the end is freed', async () => {
  for (const ahead of [0, 1, 3]) {
    const stream = batchStream({
      position: new Count(9),
      prefetch: ahead,
      read: async (number) => (number === 3 ? undefined : batchOf(number)),
    });
    const numbers = [numberOf(await stream.next()), numberOf(await stream.next()), numberOf(await stream.next())];
    expect(numbers).toEqual([0, 1, 2]);
    expect((await stream.next()).done).toBe(true);
    await nextTurn();
    expect(tf.memory().numTensors).toBe(tensors);
    expect((await stream.next()).done).toBe(true);
    const state = await stream.saveState();
    expect(state).toEqual({ values: { at: 3 } });
    stream.loadState({ values: { at: 2 } });
    expect(numberOf(await stream.next())).toBe(2);
    await stream.return!();
  }
});

test('a state that the position refuses changes nothing', async () => {
  const stream = batchStream({ position: new Count(5), prefetch: 2, read: async (number) => batchOf(number) });
  expect(numberOf(await stream.next())).toBe(0);
  expect(() => stream.loadState({})).toThrow('damaged');
  expect(await rest(stream)).toEqual([1, 2, 3, 4]);
});

test('a batch that is there at once is delivered without a further turn', async () => {
  const stream = batchStream({ position: new Count(2), read: batchOf });
  const order: string[] = [];
  const taken = stream.next().then((result) => {
    order.push('batch');
    numberOf(result);
  });
  await Promise.resolve().then(() => order.push('turn'));
  await taken;
  expect(order).toEqual(['batch', 'turn']);
});

test('options that make no sense are refused', () => {
  const position = new Count(1);
  expect(() => batchStream({ position, read: batchOf, prefetch: -1 })).toThrow('prefetch must be a whole number');
  expect(() => batchStream({ position, read: batchOf, prefetch: 1.5 })).toThrow('not 1.5');
  expect(() => batchStream({ position, read: batchOf, prefetsch: 1 } as never)).toThrow("did you mean 'prefetch'?");
});
