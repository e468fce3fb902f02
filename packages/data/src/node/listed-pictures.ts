// The pictures of a folder or an archive as a store.
import { GanKitError } from '@gankit/core';
import type { PictureStore } from '../pictures/picture-store.ts';
import type { FileListing } from './file-listing.ts';
import { pictureLabels } from './picture-labels.ts';

const extensions = /\.(png|jpe?g|webp|gif|avif|tiff?)$/i;

/** Whether a path is that of a picture, by its ending. Other systems' notes beside files are none. */
export function isPicturePath(path: string): boolean {
  return extensions.test(path) && !path.split('/').some((part) => part.startsWith('.') || part === '__MACOSX');
}

/** Files beside pictures that say something about them, or that systems leave behind: not told of as left out. */
const beside = /(^|\/)(Thumbs\.db|desktop\.ini)$|(^|\/)(\.|__MACOSX\/)|\.(cls|json|txt)$/i;

/**
 * The pictures of a listing, with what is known of them.
 * @throws GanKitError `invalid-data` when there is none, or its labels are damaged. The listing is closed then.
 */
export async function listedPictures(path: string, listing: FileListing): Promise<PictureStore> {
  try {
    const pictures = listing.files.flatMap((file, index) => (isPicturePath(file.path) ? [index] : []));
    if (pictures.length === 0) {
      throw new GanKitError(
        'invalid-data',
        `There is no picture in '${path}'; put PNG, JPEG, WebP, GIF, AVIF or TIFF files there.`,
        { path },
      );
    }
    const { classNames, labels, vectors } = await pictureLabels(listing, pictures);
    return {
      name: listing.name,
      entries: pictures.map((index, at) => ({
        path: listing.files[index]!.path,
        label: labels?.[at],
        vector: vectors?.[at],
      })),
      classNames,
      leftOut: listing.files.map((file) => file.path).filter((each) => !isPicturePath(each) && !beside.test(each)),
      fingerprint: () => listing.fingerprint(),
      read: (at) => listing.read(pictures[at]!),
      close: () => listing.close(),
    };
  } catch (error) {
    await listing.close();
    throw error;
  }
}
