import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { disposeBatch, RandomStream } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { gzipSync } from 'fflate';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadIdxFiles, loadMnist } from './idx-files.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gankit-idx-'));
});
afterEach(() => rm(folder, { recursive: true }));

const images = Uint8Array.from([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 2, 0, 1, 2, 3, 4, 5, 6, 7]);
const labels = Uint8Array.from([0, 0, 8, 1, 0, 0, 0, 2, 1, 0]);
const write = (name: string, bytes: Uint8Array) => writeFile(join(folder, name), bytes);

test('MNIST of the npm package: 60,000 digits whose mean and deviation are the known ones', async () => {
  const mnist = await loadMnist();
  expect(mnist).toMatchObject({ name: 'mnist', kind: 'images', shape: [28, 28, 1], size: 60_000 });
  expect(mnist.classNames).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
  const { value } = await mnist.batches({ batchSize: 10_000, random: new RandomStream(1) }).next();
  const { mean, variance } = tf.moments(value.data);
  // Every tutorial's 0.1307 and 0.3081 are for pixels in [0, 1].
  expect(Math.abs((await mean.data())[0]! - (2 * 0.1307 - 1))).toBeLessThan(0.01);
  expect(Math.abs(Math.sqrt((await variance.data())[0]!) - 2 * 0.3081)).toBeLessThan(0.01);
  tf.dispose([value.data, value.labels, mean, variance]);
});

test('the test set has 10,000', async () => {
  expect((await loadMnist({ split: 'test', padTo: 32 })).size).toBe(10_000);
});

test('other sets in the same form are read, plain and gzipped', async () => {
  await write('train-images-idx3-ubyte', images);
  await write('train-labels-idx1-ubyte.gz', gzipSync(labels));
  expect(await loadIdxFiles({ folder })).toMatchObject({ shape: [2, 2, 1], size: 2, classNames: ['0', '1'] });
});

/** Labels of one image each, as EMNIST's letters have them: from 1, with a gap. */
async function writeLetters(split: 'train' | 't10k', letters: readonly number[]): Promise<void> {
  const { length } = letters;
  await write(
    `${split}-images-idx3-ubyte`,
    Uint8Array.from([0, 0, 8, 3, 0, 0, 0, length, 0, 0, 0, 1, 0, 0, 0, 1, ...letters]),
  );
  await write(`${split}-labels-idx1-ubyte`, Uint8Array.from([0, 0, 8, 1, 0, 0, 0, length, ...letters]));
}

test('labels that occur become the classes, under their own names and alike in both splits', async () => {
  await writeLetters('train', [26, 1, 5, 1]);
  const training = await loadIdxFiles({ folder });
  expect(training.classNames).toEqual(['1', '5', '26']);
  const { value } = await training.batches({ batchSize: 4 }).next();
  expect([...value.labels.dataSync()]).toEqual([2, 0, 1, 0]);
  // Each pixel is its letter, so that a label that moved to another image would be found.
  expect(Array.from(value.data.dataSync(), (pixel) => Math.round((Number(pixel) + 1) * 127.5))).toEqual([26, 1, 5, 1]);
  await writeLetters('t10k', [5, 9]);
  const test = await loadIdxFiles({ folder, split: 'test' });
  expect(test.classNames).toEqual(['1', '5', '9', '26']);
  expect((await loadIdxFiles({ folder })).classNames).toEqual(test.classNames);
  const { value: tested } = await test.batches({ batchSize: 2 }).next();
  expect([...tested.labels.dataSync()]).toEqual([1, 2]);
  disposeBatch(value);
  disposeBatch(tested);
});

test('options are refused by name', async () => {
  await expect(loadIdxFiles({} as never)).rejects.toThrow("loadIdxFiles needs the option 'folder'");
  await expect(loadIdxFiles({ folder, splits: 'test' } as never)).rejects.toThrow("did you mean 'split'?");
  await expect(loadMnist({ folders: folder } as never)).rejects.toThrow("did you mean 'folder'?");
  await expect(loadMnist({ split: 'validation' as never })).rejects.toThrow("'train' or 'test', not 'validation'");
});

test('another set is not MNIST', async () => {
  await write('train-images-idx3-ubyte', images);
  await write('train-labels-idx1-ubyte', labels);
  await expect(loadMnist({ folder })).rejects.toThrow(
    /not MNIST's train-images-idx3-ubyte \(MD5 [0-9a-f]{32}, not 6bbc/,
  );
});

test('missing, mismatched and mistaken files are one sentence each', async () => {
  await expect(loadIdxFiles({ folder })).rejects.toMatchObject({
    code: 'file',
    message: /There is no data file .*train-images/,
  });
  await write('train-images-idx3-ubyte', images);
  await write('train-labels-idx1-ubyte', Uint8Array.from([0, 0, 8, 1, 0, 0, 0, 3, 1, 0, 1]));
  await expect(loadIdxFiles({ folder })).rejects.toMatchObject({
    code: 'invalid-data',
    message: /holds 2 images but .* 3 labels/,
  });
  await write('train-images-idx3-ubyte', labels);
  await expect(loadIdxFiles({ folder })).rejects.toMatchObject({
    code: 'invalid-data',
    message: /not one of rank 3 or 4/,
  });
  await write('train-images-idx3-ubyte', images.slice(0, 20));
  await expect(loadIdxFiles({ folder })).rejects.toMatchObject({ code: 'invalid-data', message: /truncated/ });
});
