import { type BatchShare, type DataSource, disposeBatch, RandomStream } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { ringOfGaussians } from './distributions/ring-of-gaussians.ts';
import { imageSet } from './image-set.ts';

const images = imageSet({
  name: 'images',
  shape: [2, 2, 1],
  pixels: Uint8Array.from({ length: 40 }, (_, index) => index),
  labels: Uint8Array.from({ length: 10 }, (_, index) => index),
  classNames: [...'abcdefghij'],
});

/** The numbers of the first batches, and the position after them. */
async function read(source: DataSource, share?: BatchShare) {
  const stream = source.batches({ batchSize: 6, random: new RandomStream(4), ...(share && { share }) });
  const batches: number[][] = [];
  for (let batch = 0; batch < 3; batch++) {
    const { value } = await stream.next();
    batches.push([...value!.data.dataSync(), ...(value!.labels?.dataSync() ?? [])]);
    disposeBatch(value!);
  }
  return { batches, position: await stream.saveState(), close: () => stream.return?.() };
}

it.each([
  ['that have an index', images, 4],
  ['that are drawn', ringOfGaussians(), 2],
])('the shares of samples %s make the batch, and the position is that of whole batches', async (_, source, width) => {
  const before = tf.memory().numTensors;
  const whole = await read(source);
  const shares = await Promise.all([0, 1, 2].map((rank) => read(source, { rank, size: 3 })));
  whole.batches.forEach((batch, index) => {
    expect(shares.flatMap(({ batches }) => batches[index]!.slice(0, 2 * width))).toEqual(batch.slice(0, 6 * width));
    expect(shares.flatMap(({ batches }) => batches[index]!.slice(2 * width))).toEqual(batch.slice(6 * width));
  });
  for (const { position } of shares) expect(position).toEqual(whole.position);
  for (const { close } of [whole, ...shares]) await close();
  expect(tf.memory().numTensors).toBe(before);
});

it('a batch that cannot be shared evenly is refused', () => {
  const share = { rank: 0, size: 4 };
  expect(() => images.batches({ batchSize: 6, share })).toThrow(
    'A batch of 6 cannot be spread evenly over 4 processes',
  );
  expect(() => images.batches({ batchSize: 8, share, lastBatch: 'keep' })).toThrow("leave out 'keep'");
});
