// The files in `recorded`, which other programs wrote (record.py), and what is in every one of their pictures.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type DataSource, disposeBatch } from '@gankit/core';
import type { PictureStore } from '../pictures/picture-store.ts';
import { openPictures } from './open-pictures.ts';

export const recorded = (name: string) => join(fileURLToPath(new URL('recorded', import.meta.url)), name);

/** The colours that record.py paints, from 0 to 255, for pictures from `begin` to before `end`. */
export const recordedColours = (begin = 0, end = 10) =>
  Array.from({ length: end - begin }, (_, at) => [20 * (begin + at), 100, 255 - 20 * (begin + at)]);

/** All samples of data in their order, and their labels. */
export async function everySample(source: DataSource) {
  const stream = source.batches({ batchSize: source.size!, epochs: 1 });
  const { value: batch } = await stream.next();
  await stream.return?.();
  const values = Array.from((await batch!.data.data()) as Float32Array);
  const labels = batch!.labels === undefined ? undefined : Array.from((await batch!.labels.data()) as Int32Array);
  const vectors = batch!.vectors === undefined ? undefined : Array.from((await batch!.vectors.data()) as Float32Array);
  disposeBatch(batch!);
  return { values, labels, vectors };
}

/** The colour of each picture of a store, from 0 to 255, and the labels. */
export async function coloursOf(store: PictureStore) {
  const source = await openPictures(store);
  const { values, labels } = await everySample(source);
  const length = source.shape.reduce((product, size) => product * size, 1);
  const colours = Array.from({ length: source.size! }, (_, at) =>
    values.slice(at * length, at * length + 3).map((value) => Math.round((value + 1) * 127.5)),
  );
  await store.close();
  return { source, colours, labels };
}
