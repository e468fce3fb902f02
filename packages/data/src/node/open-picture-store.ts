// Where encoded pictures lie, whatever it is.
import { GanKitError } from '@gankit/core';
import type { PictureStore } from '../pictures/picture-store.ts';
import { lookAt } from './look-at.ts';
import { isParquet, isZip } from './magic.ts';
import { pictureTar, pictureZip } from './picture-archive.ts';
import { pictureFolder } from './picture-folder.ts';
import { pictureParquet } from './picture-parquet.ts';
import { shardsIn } from './shards.ts';
import { isTarHeader } from './tar-listing.ts';

type Some = readonly [string, ...string[]];

/**
 * Opens pictures where they lie: a folder of them, a zip or tar file, a Parquet file, or a folder of tar or Parquet files, the shards of one
 * set.
 * @param path A path, or the address of a file whose server gives ranges.
 * @throws GanKitError `file` when it cannot be read, `invalid-data` when it is damaged or holds no picture.
 */
export async function openPictureStore(path: string): Promise<PictureStore> {
  const { folder, start, path: place } = await lookAt(path);
  if (folder !== undefined) {
    for (const [ending, open] of [
      [/\.parquet$/i, pictureParquet],
      [/\.tar$/i, pictureTar],
    ] as const) {
      const found = shardsIn(place, folder, ending);
      if (found.length > 0) return open(...(found as Some));
    }
    return pictureFolder(place);
  }
  if (isParquet(start)) return pictureParquet(path);
  if (isZip(start)) return pictureZip(path);
  if (isTarHeader(start)) return pictureTar(path);
  throw new GanKitError(
    'invalid-data',
    `'${path}' holds no pictures: it is neither a folder nor a zip, tar or Parquet file; look at the path.`,
    { path },
  );
}
