// Any store of pictures as data to learn from.
import { checkInteger, type DataSource, GanKitError } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { indexedSource } from '../indexed-source.ts';
import type { PicturePolicy } from '../pictures/picture-policy.ts';
import type { PictureStore } from '../pictures/picture-store.ts';
import { unitRows } from '../pixels.ts';
import { chooseDecoding } from './choose-decoding.ts';
import { openDecodedFile } from './decoded-file.ts';
import { pairedWith } from './picture-pairs.ts';
import { isPaired, pictureRecords, recordLength } from './picture-records.ts';

/** A picture that could not be decoded. */
export interface BrokenPicture {
  readonly path: string;
  readonly reason: string;
}

export interface OpenPicturesOptions extends PicturePolicy {
  /** Where the image that is told with each sample lies, under the same name: the other half of a pair. */
  readonly inputs?: PictureStore | undefined;
  /** A folder in which decoded pictures are kept from run to run; it is made when it is not there. Nowhere when absent. */
  readonly cache?: string | undefined;
  /** MiB of decoded pictures that are kept, so that each is decoded once; none are kept when all do not fit. 1024 when absent. */
  readonly memory?: number | undefined;
  /** Told of each broken picture once, when it is met; a warning of the process when absent. */
  readonly onBroken?: ((picture: BrokenPicture) => void) | undefined;
}

/** @throws GanKitError `invalid-data` for descriptions of different lengths. */
function vectorLengthOf({ name, entries }: PictureStore): number | undefined {
  const length = entries[0]?.vector?.length;
  const other = entries.find(({ vector }) => vector?.length !== length);
  if (other === undefined) return length;
  throw new GanKitError(
    'invalid-data',
    `'${other.path}' in '${name}' is described by ${other.vector?.length ?? 0} numbers, '${entries[0]!.path}' by ${length ?? 0}; describe each by as many.`,
    { path: other.path },
  );
}

/** Decoded pictures that are kept when nothing is said, in MiB. */
export const usualMemory = 1024;

/** Each row of pixels of images [height, width, channels] from right to left, in place. */
function mirrorRows(pixels: Uint8Array, width: number, channels: number): void {
  const line = width * channels;
  const before = new Uint8Array(line);
  for (let start = 0; start < pixels.length; start += line) {
    before.set(pixels.subarray(start, start + line));
    for (let column = 0; column < width; column++) {
      const from = (width - 1 - column) * channels;
      pixels.set(before.subarray(from, from + channels), start + column * channels);
    }
  }
}

/**
 * Opens a store of pictures as images of one shape.
 *
 * A broken picture is told of once, and its place is taken by the next one that is whole: what a batch holds is a function of the store
 * and the policy, so that a resumed run repeats it.
 * @throws GanKitError `invalid-data` when no picture can be decoded, for a broken one with `broken: 'fail'`, or for one without a partner;
 *   `file` when sharp is absent.
 */
export async function openPictures(store: PictureStore, options: OpenPicturesOptions = {}): Promise<DataSource> {
  const { inputs, cache, memory = usualMemory, ...rest } = options;
  const { onBroken = (broken) => process.emitWarning(brokenSentence(broken)), ...policy } = rest;
  checkInteger('memory', memory, 0);
  if (inputs !== undefined && policy.halves !== undefined) {
    throw new GanKitError(
      'incompatible',
      'Pairs are two stores or two halves of each picture; leave inputs or halves out.',
    );
  }
  const { sharp, plan, chosen, notes } = await chooseDecoding(store, policy);
  const { entries, classNames } = store;
  const vectorLength = vectorLengthOf(store);
  const decoded = { decoding: { sharp, plan }, policy, inputs: inputs && pairedWith(store, inputs) };
  const recordOf = pictureRecords({
    store,
    ...decoded,
    file:
      cache === undefined
        ? undefined
        : await openDecodedFile({
            folder: cache,
            // Whatever decides the bytes of a record.
            key: JSON.stringify([
              await store.fingerprint(),
              await inputs?.fingerprint(),
              plan,
              policy.halves,
              sharp.versions,
            ]),
            count: entries.length,
            length: recordLength(decoded),
            onFailure: (sentence) => process.emitWarning(sentence),
          }),
    memory: memory * 2 ** 20,
    onBroken,
  });
  const paired = isPaired({ policy, inputs });
  const length = plan.side * plan.side * plan.channels;
  const shape = [plan.side, plan.side, plan.channels];
  return indexedSource({
    name: store.name,
    kind: 'images',
    shape,
    size: entries.length * (policy.mirror ? 2 : 1),
    classNames,
    vectorLength,
    pairedShape: paired ? shape : undefined,
    chosen,
    notes,
    prefetch: 2,
    async read(indices) {
      const records = await Promise.all(Array.from(indices, (index) => recordOf(index % entries.length)));
      const rows = Uint32Array.from(records, (_, row) => row);
      const tensorOf = (from: number) => {
        const pixels = new Uint8Array(records.length * length);
        records.forEach(({ bytes }, row) => {
          const image = pixels.subarray(row * length, (row + 1) * length);
          image.set(bytes.subarray(from, from + length));
          if (indices[row]! >= entries.length) mirrorRows(image, plan.side, plan.channels);
        });
        return tf.tensor4d(unitRows(pixels, length, rows), [records.length, plan.side, plan.side, plan.channels]);
      };
      const labels = records.map(({ index }) => entries[index]!.label ?? 0);
      return {
        data: tensorOf(0),
        ...(paired && { images: tensorOf(length) }),
        ...(classNames !== undefined && { labels: tf.tensor1d(labels, 'int32') }),
        ...(vectorLength !== undefined && {
          vectors: tf.tensor2d(
            records.flatMap(({ index }) => [...entries[index]!.vector!]),
            [records.length, vectorLength],
          ),
        }),
      };
    },
  });
}

function brokenSentence({ path, reason }: BrokenPicture): string {
  return `The picture '${path}' is left out, because it cannot be decoded (${reason}).`;
}
