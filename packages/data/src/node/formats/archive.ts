// Zip and tar files of pictures, and a folder of the shards of a WebDataset.
import { isZip } from '../magic.ts';
import { isTarHeader } from '../tar-listing.ts';
import type { DataFormat } from './data-format.ts';

export const archiveFormat: DataFormat = {
  title: 'zip or tar',
  recognise({ path, start }) {
    return isZip(start) || isTarHeader(start) ? { name: 'pictures', path } : undefined;
  },
};
