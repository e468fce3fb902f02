// IDX: the folder of MNIST's four files, or one of them.
import { dirname } from 'node:path';
import { idxNameParts } from '../idx-files.ts';
import type { DataFormat } from './data-format.ts';

export const idxFormat: DataFormat = {
  title: 'IDX',
  recognise({ path, name, folder }) {
    if (folder?.some((each) => idxNameParts(each)?.content === 'images')) return { name: 'idx', folder: path };
    const parts = folder === undefined ? idxNameParts(name) : undefined;
    return parts && { name: 'idx', folder: dirname(path), prefix: parts.prefix, split: parts.split };
  },
};
