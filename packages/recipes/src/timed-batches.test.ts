import { disposeBatch, RandomStream } from '@gankit/core';
import { ringOfGaussians } from '@gankit/data';
import { expect, test } from 'vitest';
import { timedBatches } from './timed-batches.ts';

test('what is read is the same, its state as well, and the waiting is counted', async () => {
  const open = () => ringOfGaussians().batches({ batchSize: 4, random: new RandomStream(1) });
  let clock = 0;
  const plain = open();
  const timed = timedBatches(open(), () => clock++);
  for (let read = 0; read < 3; read++) {
    const [a, b] = [await plain.next(), await timed.next()];
    expect([...(await b.value!.data.data())]).toEqual([...(await a.value!.data.data())]);
    disposeBatch(a.value!);
    disposeBatch(b.value!);
  }
  // The clock moves by one between two looks.
  expect(timed.waited).toBe(3);
  expect(await timed.saveState()).toEqual(await plain.saveState());
  expect(await timed.return!()).toEqual(await plain.return!());
});
