// A folder of pictures as a store: a class for each folder at its top, or those of its dataset.json, or none.
import type { PictureStore } from '../pictures/picture-store.ts';
import { listFolder } from './folder-listing.ts';
import { listedPictures } from './listed-pictures.ts';

/**
 * Opens a folder of pictures. Those in sub-folders have the name of the one at the top as their class; a folder without any, or with
 * pictures beside them, has no classes. A `dataset.json` as StyleGAN's tools write it says them instead.
 * @throws GanKitError `file` when it cannot be read, `invalid-data` when there is no picture in it.
 */
export async function pictureFolder(folder: string): Promise<PictureStore> {
  return listedPictures(folder, await listFolder(folder));
}
