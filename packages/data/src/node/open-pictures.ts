// Any store of pictures as data to learn from.
import { type DataSource, GanKitError } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { indexedSource } from '../indexed-source.ts';
import type { PicturePolicy } from '../pictures/picture-policy.ts';
import type { PictureStore } from '../pictures/picture-store.ts';
import { unitRows } from '../pixels.ts';
import { chooseDecoding } from './choose-decoding.ts';
import { decodePicture } from './decode-picture.ts';

/** A picture that could not be decoded. */
export interface BrokenPicture {
  readonly path: string;
  readonly reason: string;
}

export interface OpenPicturesOptions extends PicturePolicy {
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

/**
 * Opens a store of pictures as images of one shape.
 *
 * A broken picture is told of once, and its place is taken by the next one that is whole: what a batch holds is a function of the store
 * and the policy, so that a resumed run repeats it.
 * @throws GanKitError `invalid-data` when no picture can be decoded, or for a broken one with `broken: 'fail'`; `file` when sharp is absent.
 */
export async function openPictures(store: PictureStore, options: OpenPicturesOptions = {}): Promise<DataSource> {
  const { onBroken = (broken) => process.emitWarning(brokenSentence(broken)), ...policy } = options;
  const { sharp, plan, chosen, notes } = await chooseDecoding(store, policy);
  const { broken = 'skip' } = policy;
  const { entries, classNames } = store;
  const vectorLength = vectorLengthOf(store);
  const told = new Set<number>();

  /** The picture of this index, or of the first whole one after it, and whose it is. */
  async function wholePicture(index: number): Promise<{ index: number; bytes: Uint8Array }> {
    for (let after = 0; after < entries.length; after++) {
      const at = (index + after) % entries.length;
      if (told.has(at)) continue;
      try {
        return { index: at, bytes: await decodePicture(sharp, await store.read(at), plan) };
      } catch (cause) {
        const picture = { path: entries[at]!.path, reason: (cause as Error).message.split('\n')[0]! };
        if (broken === 'fail') {
          throw new GanKitError(
            'invalid-data',
            `The picture '${picture.path}' cannot be decoded (${picture.reason}); take it away, or read with broken: 'skip'.`,
            { path: picture.path, cause },
          );
        }
        if (!told.has(at)) onBroken(picture);
        told.add(at);
      }
    }
    throw new GanKitError('invalid-data', `No picture in '${store.name}' can be decoded; look at the files.`);
  }

  const length = plan.side * plan.side * plan.channels;
  const shape = [plan.side, plan.side, plan.channels];
  return indexedSource({
    name: store.name,
    kind: 'images',
    shape,
    size: entries.length,
    classNames,
    vectorLength,
    chosen,
    notes,
    prefetch: 2,
    async read(indices) {
      const pictures = await Promise.all(Array.from(indices, wholePicture));
      const pixels = new Uint8Array(pictures.length * length);
      pictures.forEach(({ bytes }, row) => {
        pixels.set(bytes, row * length);
      });
      const rows = Uint32Array.from(pictures, (_, row) => row);
      const labels = pictures.map(({ index }) => entries[index]!.label ?? 0);
      return {
        data: tf.tensor(unitRows(pixels, length, rows), [pictures.length, ...shape]),
        ...(classNames !== undefined && { labels: tf.tensor1d(labels, 'int32') }),
        ...(vectorLength !== undefined && {
          vectors: tf.tensor2d(
            pictures.flatMap(({ index }) => [...entries[index]!.vector!]),
            [pictures.length, vectorLength],
          ),
        }),
      };
    },
  });
}

function brokenSentence({ path, reason }: BrokenPicture): string {
  return `The picture '${path}' is left out, because it cannot be decoded (${reason}).`;
}
