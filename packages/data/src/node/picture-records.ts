// Pictures of a store as records of bytes of one length, each decoded once as long as all of them fit into memory.
import { GanKitError } from '@gankit/core';
import type { PicturePolicy } from '../pictures/picture-policy.ts';
import type { PictureStore } from '../pictures/picture-store.ts';
import type { ChosenDecoding } from './choose-decoding.ts';
import { decodeHalves, decodePicture } from './decode-picture.ts';
import type { DecodedFile } from './decoded-file.ts';

/** The picture of an index, or of the first whole one after it. */
export interface PictureRecord {
  /** Whose it is. */
  readonly index: number;
  /** The sample [side, side, channels], and after it the image that is told with it, of the same shape, for pairs. */
  readonly bytes: Uint8Array;
}

export interface PictureRecordsOptions {
  readonly store: PictureStore;
  readonly decoding: Pick<ChosenDecoding, 'sharp' | 'plan'>;
  readonly policy: Pick<PicturePolicy, 'halves' | 'broken'>;
  /** The other half of each pair, in the order of the store. */
  readonly inputs?: PictureStore | undefined;
  /** Where decoded pictures are kept from run to run. */
  readonly file?: DecodedFile | undefined;
  /** The most bytes of decoded pictures that are kept in memory. */
  readonly memory: number;
  readonly onBroken: (picture: { readonly path: string; readonly reason: string }) => void;
}

/** Whether each sample comes with an image. */
export function isPaired({ policy, inputs }: Pick<PictureRecordsOptions, 'policy' | 'inputs'>): boolean {
  return policy.halves !== undefined || inputs !== undefined;
}

/** Bytes of one record. */
export function recordLength(options: Pick<PictureRecordsOptions, 'decoding' | 'policy' | 'inputs'>): number {
  const { side, channels } = options.decoding.plan;
  return side * side * channels * (isPaired(options) ? 2 : 1);
}

/**
 * A function that gives the record of an index. What it gives depends on the store and the policy alone: a broken picture's place is taken by
 * its successor, so that a resumed run repeats it.
 */
export function pictureRecords(options: PictureRecordsOptions): (index: number) => Promise<PictureRecord> {
  const { store, decoding, policy, inputs, file, memory, onBroken } = options;
  const { sharp, plan } = decoding;
  const { entries } = store;
  const keeps = recordLength(options) * entries.length <= memory;
  const kept: (Uint8Array | undefined)[] = [];
  const told = new Set<number>();

  async function decode(index: number): Promise<Uint8Array> {
    const bytes = await store.read(index);
    if (policy.halves !== undefined) {
      const [left, right] = await decodeHalves(sharp, bytes, plan);
      return Buffer.concat(policy.halves === 'left-to-right' ? [right, left] : [left, right]);
    }
    if (inputs === undefined) return decodePicture(sharp, bytes, plan);
    const input = await inputs.read(index);
    return Buffer.concat(await Promise.all([decodePicture(sharp, bytes, plan), decodePicture(sharp, input, plan)]));
  }

  async function fromFile(index: number): Promise<Uint8Array> {
    const found = await file?.get(index);
    if (found !== undefined) return found;
    const bytes = await decode(index);
    await file?.put(index, bytes);
    return bytes;
  }

  return async (index) => {
    for (let after = 0; after < entries.length; after++) {
      const at = (index + after) % entries.length;
      if (told.has(at)) continue;
      try {
        const bytes = kept[at] ?? (await fromFile(at));
        if (keeps) kept[at] = bytes;
        return { index: at, bytes };
      } catch (cause) {
        const picture = { path: entries[at]!.path, reason: (cause as Error).message.split('\n')[0]! };
        if (policy.broken === 'fail') {
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
  };
}
