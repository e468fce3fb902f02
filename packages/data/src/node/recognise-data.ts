// From a path to the data set that opens it.
import { GanKitError } from '@gankit/core';
import type { NamedPart } from '@gankit/core/registry';
import { archiveFormat } from './formats/archive.ts';
import { arraysFormat } from './formats/arrays.ts';
import { cifarFormat } from './formats/cifar.ts';
import type { DataFormat, Place } from './formats/data-format.ts';
import { idxFormat } from './formats/idx.ts';
import { parquetFormat } from './formats/parquet.ts';
import { pictureFolderFormat } from './formats/picture-folder.ts';
import { tableFormat } from './formats/table.ts';
import { lookAt } from './look-at.ts';
import { isGzip, isHdf5, pictureFormat } from './magic.ts';

/** In the order in which they are asked: a folder is taken for pictures only when nothing else knows it. */
const formats: readonly DataFormat[] = [
  idxFormat,
  cifarFormat,
  arraysFormat,
  parquetFormat,
  archiveFormat,
  tableFormat,
  pictureFolderFormat,
];

/** What to do with a file that none of the formats knows. */
function adviceOn({ start }: Place): string {
  const picture = pictureFormat(start);
  if (start.length === 0) return 'is empty; give a file that holds data';
  if (picture !== undefined) return `is one picture (${picture}); give the folder that it lies in`;
  if (isGzip(start)) return 'is packed by gzip; unpack it first';
  if (isHdf5(start)) return 'is an HDF5 file, which is not read; save its arrays with numpy.save';
  return `is no data that is known by its first bytes; give a folder of pictures, or a file of one of these kinds: ${formats.map(({ title }) => title).join(', ')}`;
}

/**
 * The data set that opens a path, as a recipe names it: `{ name: 'pictures', path: '/photos' }`.
 * @param path A folder, a file, or the address of a file whose server gives ranges.
 * @throws GanKitError `file` when nothing can be read there, `invalid-data` when it is nothing that is known.
 */
export async function recogniseData(path: string): Promise<NamedPart> {
  const place = await lookAt(path);
  for (const format of formats) {
    const found = await format.recognise(place);
    if (found !== undefined) return found;
  }
  throw new GanKitError('invalid-data', `'${path}' ${adviceOn(place)}.`, { path });
}
