// What lies at a path, counted and measured as training will see it.
import { checkInteger, checkOptions, type DataSource, disposeBatch, RandomStream } from '@gankit/core';
import { createPart, type Entry } from '@gankit/core/registry';
import type { PictureStore } from '../pictures/picture-store.ts';
import { dataSets } from './data-sets.ts';
import { importSharp, measurePicture } from './decode-picture.ts';
import { openPictureStore } from './open-picture-store.ts';
import type { BrokenPicture } from './open-pictures.ts';
import { openSelectedPictures, type SelectedPicturesOptions } from './open-selected-pictures.ts';
import { recogniseData } from './recognise-data.ts';

export interface InspectDataOptions {
  /** Options of the data set that opens the path. */
  readonly options?: Readonly<Record<string, unknown>> | undefined;
  /** The most samples that are read; 10,000 when absent. They are drawn from all of them by a fixed seed. */
  readonly limit?: number | undefined;
}

/** Plain JSON, but for `samples`. */
export interface DataReport {
  /** The data set that opens it. */
  readonly dataSet: string;
  readonly name: string;
  readonly kind: DataSource['kind'];
  /** Shape of one sample. */
  readonly shape: readonly number[];
  readonly count: number | undefined;
  /** How many samples were read for the numbers below. */
  readonly looked: number;
  /** Samples of each class, of all where that is known without reading them, and else of those that were read. */
  readonly classes?: readonly { readonly name: string; readonly count: number }[] | undefined;
  /** Of pictures as they lie there, the most frequent first. */
  readonly sizes?: readonly { readonly width: number; readonly height: number; readonly count: number }[] | undefined;
  readonly columns?: DataSource['columns'];
  /** Numbers of the samples in 16 equal parts of [-1, 1]. */
  readonly histogram: readonly number[];
  readonly mean: number;
  readonly standardDeviation: number;
  /** Pictures that training leaves out because they cannot be decoded, among those that were read. */
  readonly broken: readonly BrokenPicture[];
  /** Files that lie there and are no pictures. */
  readonly leftOut: readonly string[];
  /** What was chosen, a sentence each. */
  readonly notes: readonly string[];
  /** The first of the samples that were read, up to 64, one after another. */
  readonly samples: Float32Array;
}

const usualLimit = 10_000;
const readAtOnce = 64;
const parts = 16;
const mostSamples = 64;

async function sizesOf(store: PictureStore, limit: number): Promise<DataReport['sizes']> {
  const sharp = await importSharp();
  const count = Math.min(limit, store.entries.length);
  const counts = new Map<string, { width: number; height: number; count: number }>();
  for (let from = 0; from < count; from += readAtOnce) {
    const indices = Array.from({ length: Math.min(readAtOnce, count - from) }, (_, at) =>
      Math.floor(((from + at) * store.entries.length) / count),
    );
    const measured = await Promise.all(
      indices.map((index) =>
        store
          .read(index)
          .then((bytes) => measurePicture(sharp, bytes))
          .catch(() => undefined),
      ),
    );
    for (const each of measured) {
      if (each === undefined) continue;
      const { width, height } = each;
      const key = `${width} x ${height}`;
      counts.set(key, { width, height, count: (counts.get(key)?.count ?? 0) + 1 });
    }
  }
  return [...counts.values()].sort((a, b) => b.count - a.count);
}

/** What is counted over samples as training sees them. */
async function counted(source: DataSource, limit: number) {
  const size = Math.min(limit, source.size ?? limit);
  const length = source.shape.reduce((product, axis) => product * axis, 1);
  const histogram = new Array<number>(parts).fill(0);
  const labels = new Array<number>(source.classNames?.length ?? 0).fill(0);
  const samples = new Float32Array(Math.min(mostSamples, size) * length);
  let [read, sum, squares] = [0, 0, 0];
  const batchSize = Math.min(readAtOnce, size);
  const stream = source.batches({
    batchSize,
    random: new RandomStream(1),
    epochs: source.size && 1,
    lastBatch: 'keep',
  });
  for await (const batch of stream) {
    const values = (await batch.data.data()) as Float32Array;
    const told = batch.labels === undefined ? [] : Array.from((await batch.labels.data()) as Int32Array);
    disposeBatch(batch);
    const rows = Math.min(values.length / length, size - read);
    const kept = values.subarray(0, rows * length);
    for (const value of kept) {
      const part = Math.min(parts - 1, Math.floor(((value + 1) / 2) * parts));
      histogram[part] = histogram[part]! + 1;
      sum += value;
      squares += value * value;
    }
    for (const label of told.slice(0, rows)) labels[label] = (labels[label] ?? 0) + 1;
    if (read * length < samples.length) samples.set(kept.subarray(0, samples.length - read * length), read * length);
    read += rows;
    if (read >= size) break;
  }
  const mean = sum / (read * length);
  return {
    looked: read,
    histogram,
    labels,
    samples,
    mean,
    standardDeviation: Math.sqrt(Math.max(0, squares / (read * length) - mean * mean)),
  };
}

function classesOf(
  source: DataSource,
  read: readonly number[],
  store: PictureStore | undefined,
): DataReport['classes'] {
  const { classNames } = source;
  if (classNames === undefined) return undefined;
  const counts = store === undefined ? read : new Array<number>(classNames.length).fill(0);
  for (const { label } of store?.entries ?? []) {
    if (label !== undefined) (counts as number[])[label] = counts[label]! + 1;
  }
  return classNames.map((name, label) => ({ name, count: counts[label] ?? 0 }));
}

/**
 * Looks at what lies at a path.
 * @param pathOrUrl As for `openDataset`.
 * @throws GanKitError As `openDataset`.
 */
export async function inspectData(pathOrUrl: string, options: InspectDataOptions = {}): Promise<DataReport> {
  checkOptions('inspectData', options, { options: 'optional', limit: 'optional' });
  const { limit = usualLimit } = options;
  checkInteger('limit', limit);
  const { name: dataSet, ...found } = await recogniseData(pathOrUrl);
  const entry = dataSets.entry(dataSet) as unknown as Entry<Promise<DataSource>>;
  const broken: BrokenPicture[] = [];
  // Pictures are opened here, so that what is broken is collected and not warned of.
  const pictures: typeof entry = {
    ...entry,
    create: (given) =>
      openSelectedPictures({
        ...(given as unknown as SelectedPicturesOptions),
        onBroken: (picture) => broken.push(picture),
      }),
  };
  const isPictures = dataSet === 'pictures';
  const source = await createPart(isPictures ? pictures : entry, { ...found, ...options.options }, undefined);
  const store = isPictures ? await openPictureStore(found['path'] as string) : undefined;
  try {
    const { labels, ...numbers } = await counted(source, limit);
    return {
      dataSet,
      name: source.name,
      kind: source.kind,
      shape: source.shape,
      count: source.size,
      classes: classesOf(source, labels, source.size === store?.entries.length ? store : undefined),
      sizes: store && (await sizesOf(store, limit)),
      columns: source.columns,
      ...numbers,
      broken,
      leftOut: store?.leftOut ?? [],
      notes: source.notes ?? [],
    };
  } finally {
    await store?.close();
  }
}
