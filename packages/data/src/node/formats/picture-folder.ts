// A folder of pictures, or of archives of them: what every other folder is taken for.
import type { DataFormat } from './data-format.ts';

export const pictureFolderFormat: DataFormat = {
  title: 'pictures',
  recognise: ({ path, folder }) => (folder === undefined ? undefined : { name: 'pictures', path }),
};
