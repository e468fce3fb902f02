// Pictures in zip and tar files.
import { basename } from 'node:path';
import type { PictureStore } from '../pictures/picture-store.ts';
import type { FileListing } from './file-listing.ts';
import { listedPictures } from './listed-pictures.ts';
import { joinListings, listTar } from './tar-listing.ts';
import { listZip } from './zip-listing.ts';

/**
 * Opens a zip file of pictures: classes from StyleGAN's `dataset.json`, or a folder in it for each. Needs the package `yauzl`.
 * @param path A path, or an address whose server gives ranges.
 * @throws GanKitError `file` when it cannot be read, `invalid-data` when it is damaged or there is no picture in it.
 */
export async function pictureZip(path: string): Promise<PictureStore> {
  return listedPictures(path, await listZip(path));
}

/**
 * Opens tar files of pictures as one store: the shards of a WebDataset, with a `.cls` file beside each picture for its class, or any other tar.
 * @param paths In the order of the shards.
 * @throws GanKitError As {@link pictureZip}.
 */
export async function pictureTar(...paths: readonly [string, ...string[]]): Promise<PictureStore> {
  const listings: FileListing[] = [];
  try {
    for (const path of paths) listings.push(await listTar(path));
  } catch (error) {
    for (const listing of listings) await listing.close();
    throw error;
  }
  const [first] = listings;
  const name = basename(paths[0]).replace(/[-_.]?\d*\.tar$/i, '');
  return listedPictures(paths[0], listings.length === 1 ? first! : joinListings(name || first!.name, listings));
}
