// A set of pictures at one size as one file that opens fast and can be shared.
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, extname } from 'node:path';
import { checkOptions, GanKitError } from '@gankit/core';
import { makeFolder, writeFileAtomically } from '@gankit/core/node';
import type { PicturePolicy } from '../pictures/picture-policy.ts';
import type { PictureStore } from '../pictures/picture-store.ts';
import { chooseDecoding } from './choose-decoding.ts';
import { decodePicture } from './decode-picture.ts';
import type { BrokenPicture } from './open-pictures.ts';
import type { PackedPicture, PackForm } from './pack/packed-set.ts';
import { parquetForm } from './pack/parquet-form.ts';
import { tarForm } from './pack/tar-form.ts';
import { zipForm } from './pack/zip-form.ts';

const forms: Readonly<Record<string, PackForm>> = { '.zip': zipForm, '.tar': tarForm, '.parquet': parquetForm };

export interface PackPicturesOptions extends Omit<PicturePolicy, 'halves' | 'mirror'> {
  /** The file to write; its ending says the form: `.zip`, `.tar` or `.parquet`. */
  readonly out: string;
  /** Replaces a file that is there already; `false` when absent. */
  readonly force?: boolean | undefined;
  /** Told of each broken picture, which is left out. */
  readonly onBroken?: ((picture: BrokenPicture) => void) | undefined;
  /** Told how many pictures of all were packed, now and then. */
  readonly onProgress?: ((packed: number, all: number) => void) | undefined;
}

export interface PackedFile {
  readonly path: string;
  readonly count: number;
  readonly side: number;
  readonly channels: 'gray' | 'rgb' | 'rgba';
  readonly leftOut: readonly BrokenPicture[];
}

/** Pictures between two calls of `onProgress`. */
const tellEvery = 500;

/** The results of these functions in their order, some of them under way at once. */
async function* inOrder<T>(count: number, atOnce: number, make: (index: number) => Promise<T>): AsyncGenerator<T> {
  const underWay: Promise<T>[] = [];
  for (let index = 0; index < count || underWay.length > 0; index++) {
    if (index < count) {
      const made = make(index);
      made.catch(() => {});
      underWay.push(made);
    }
    if (underWay.length >= atOnce || index >= count) yield await underWay.shift()!;
  }
}

/**
 * Writes the pictures of a store as one file, each scaled as the policy says and encoded as PNG: `.zip` in the layout of StyleGAN's tools, `.tar`
 * as a WebDataset, `.parquet` as Hugging Face's `datasets` have it. The same pictures give the same bytes.
 *
 * Broken pictures are left out and told of, or end it with `broken: 'fail'`; then nothing is written.
 * @throws GanKitError `conflict` when the file exists, `invalid-argument` for another ending, `invalid-data` when no picture can be decoded, `file`
 *   when it cannot be written or a package is missing.
 */
export async function packPictures(store: PictureStore, options: PackPicturesOptions): Promise<PackedFile> {
  checkOptions('packPictures', options, {
    out: 'required',
    force: 'optional',
    onBroken: 'optional',
    onProgress: 'optional',
    side: 'optional',
    fit: 'optional',
    channels: 'optional',
    background: 'optional',
    broken: 'optional',
  });
  const { out, force = false, onBroken, onProgress, ...policy } = options;
  const form = forms[extname(out).toLowerCase()];
  if (form === undefined) {
    throw new GanKitError('invalid-argument', `A set is packed as .zip, .tar or .parquet, not as '${out}'.`, {
      value: out,
    });
  }
  if (existsSync(out) && !force) {
    throw new GanKitError('conflict', `'${out}' exists already; choose another name, or replace it with force.`, {
      path: out,
    });
  }
  const { sharp, plan, chosen } = await chooseDecoding(store, policy);
  const { entries, classNames } = store;
  const leftOut: BrokenPicture[] = [];
  let count = 0;
  const raw = { width: plan.side, height: plan.side, channels: plan.channels };

  async function encode(index: number): Promise<Uint8Array | BrokenPicture> {
    const { path } = entries[index]!;
    try {
      const pixels = await decodePicture(sharp, await store.read(index), plan);
      const encoded = sharp(pixels, { raw });
      return await (plan.channels === 1 ? encoded.toColourspace('b-w') : encoded)
        .png({ compressionLevel: 9 })
        .toBuffer();
    } catch (cause) {
      const reason = (cause as Error).message.split('\n')[0]!;
      if (policy.broken !== 'fail') return { path, reason };
      throw new GanKitError(
        'invalid-data',
        `The picture '${path}' cannot be decoded (${reason}); nothing was written.`,
        {
          path,
          cause,
        },
      );
    }
  }

  async function* pictures(): AsyncGenerator<PackedPicture> {
    let index = 0;
    for await (const encoded of inOrder(entries.length, 2 * availableParallelism(), encode)) {
      const { label, vector } = entries[index++]!;
      if (index % tellEvery === 0) onProgress?.(index, entries.length);
      if (encoded instanceof Uint8Array) {
        count++;
        yield { png: encoded, label, vector };
      } else {
        leftOut.push(encoded);
        onBroken?.(encoded);
      }
    }
    if (count > 0) return;
    throw new GanKitError('invalid-data', `No picture in '${store.name}' can be decoded; look at the files.`);
  }

  await makeFolder(dirname(out));
  await writeFileAtomically(out, form({ classNames, pictures: pictures() }));
  return { path: out, count, ...chosen, leftOut };
}
