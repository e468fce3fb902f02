// Parquet: pictures where a column of them is, else a table; also a folder of such files.
import { isParquet } from '../magic.ts';
import { openParquet } from '../parquet-file.ts';
import { pictureColumn } from '../picture-parquet.ts';
import { shardsIn } from '../shards.ts';
import type { DataFormat } from './data-format.ts';

async function holdsPictures(path: string): Promise<boolean> {
  const file = await openParquet(path);
  try {
    return pictureColumn(file.columns) !== undefined;
  } finally {
    await file.close();
  }
}

export const parquetFormat: DataFormat = {
  title: 'Parquet',
  async recognise({ path, folder, start }) {
    const [file] = folder === undefined ? (isParquet(start) ? [path] : []) : shardsIn(path, folder, /\.parquet$/i);
    if (file === undefined) return undefined;
    return { name: (await holdsPictures(file)) ? 'pictures' : 'table', path };
  },
};
