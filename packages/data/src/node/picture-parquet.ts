// Pictures in Parquet files, as Hugging Face's data sets have them: `image` with `bytes` and `path`, `label` with the names of its classes.
import { basename } from 'node:path';
import { GanKitError } from '@gankit/core';
import type { PictureEntry, PictureStore } from '../pictures/picture-store.ts';
import { byCode } from './folder-listing.ts';
import { openParquet, type ParquetColumn, type ParquetFile } from './parquet-file.ts';
import { classesOfNumbers, type PictureLabels } from './picture-labels.ts';
import { Spool, type SpooledPiece } from './spool.ts';

const labelNames = ['label', 'labels', 'class', 'category', 'fine_label'];

/** The column of pictures: one that is named so, or the first that can hold them. */
export function pictureColumn(columns: readonly ParquetColumn[]): ParquetColumn | undefined {
  const able = columns.filter(({ kind }) => kind === 'picture');
  const bytes = columns.filter(({ name, kind }) => kind === 'bytes' && /^(image|img|picture|png|jpe?g)/i.test(name));
  return able.find(({ name }) => name === 'image') ?? able[0] ?? bytes[0];
}

/** The column of classes: the one whose classes have names, or one of the usual name. */
function labelColumn({ columns, classNames }: ParquetFile): ParquetColumn | undefined {
  const able = columns.filter(({ kind }) => ['number', 'text', 'flag'].includes(kind));
  const named = (name: string) => able.find((column) => column.name === name);
  return labelNames.map(named).find(Boolean) ?? able.find(({ name }) => classNames.has(name));
}

function labelsOf(
  path: string,
  column: ParquetColumn,
  values: readonly unknown[],
  names?: readonly string[],
): PictureLabels {
  if (column.kind === 'text' || column.kind === 'flag') {
    const texts = values.map(String);
    const classNames = [...new Set(texts)].sort(byCode);
    const labels = new Map(classNames.map((name, label) => [name, label]));
    return { classNames, labels: texts.map((text) => labels.get(text)!) };
  }
  const numbers = values.map((value) => (value === null || value === undefined ? Number.NaN : Number(value)));
  // Test sets whose answers are kept back have -1, or nothing.
  if (numbers.every((label) => Number.isNaN(label) || label === -1)) return {};
  const wrong = numbers.findIndex((label) => !Number.isSafeInteger(label) || label < 0);
  if (wrong < 0) return classesOfNumbers(numbers, names);
  // A number that is no class describes its picture: an age, a temperature.
  if (names === undefined && numbers.every(Number.isFinite)) return { vectors: numbers.map((number) => [number]) };
  throw new GanKitError(
    'invalid-data',
    `'${path}' has ${String(values[wrong])} as '${column.name}' in row ${wrong}, where a whole number of at least 0 is a class; correct it, or rename the column to read without classes.`,
    { path, value: values[wrong] },
  );
}

function bytesOf(value: unknown): Uint8Array {
  const bytes = value instanceof Uint8Array ? value : (value as { readonly bytes?: unknown } | null)?.bytes;
  // A row without bytes is a picture that cannot be decoded: it is told of like one.
  return bytes instanceof Uint8Array ? bytes : new Uint8Array(0);
}

/** The pictures of one file by row. A row group is unpacked once, when the first row of it is asked for, and one at a time. */
function rowReader(file: ParquetFile, column: string, spool: Spool): (row: number) => Promise<Uint8Array> {
  const groups = new Map<number, Promise<SpooledPiece[]>>();
  let last: Promise<unknown> = Promise.resolve();
  const groupOf = (row: number) => {
    let [low, high] = [0, file.groups.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (file.groups[middle]!.end > row) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  return async (row) => {
    const at = groupOf(row);
    const { start, end } = file.groups[at]!;
    let pieces = groups.get(at);
    if (pieces === undefined) {
      pieces = last.then(async () => spool.add((await file.read(column, start, end)).map(bytesOf)));
      last = pieces.catch(() => groups.delete(at));
      groups.set(at, pieces);
    }
    return spool.read((await pieces)[row - start]!);
  };
}

/**
 * Opens Parquet files of pictures as one store, in the order of the files and rows.
 * @param paths Paths, or addresses whose server gives ranges.
 * @throws GanKitError `invalid-data` when one is damaged or has no column of pictures, `file` when it or a package cannot be read.
 */
export async function pictureParquet(...paths: readonly [string, ...string[]]): Promise<PictureStore> {
  const files: ParquetFile[] = [];
  const spool = new Spool();
  const close = async () => {
    for (const { source } of files) await source.close();
    await spool.close();
  };
  try {
    const readers: { readonly file: ParquetFile; readonly read: (row: number) => Promise<Uint8Array> }[] = [];
    for (const path of paths) {
      const file = await openParquet(path);
      files.push(file);
      const column = pictureColumn(file.columns);
      if (column === undefined) {
        throw new GanKitError(
          'invalid-data',
          `'${path}' has no column of pictures, only ${file.columns.map(({ name }) => name).join(', ')}; read it as a table.`,
          { path },
        );
      }
      readers.push({ file, read: rowReader(file, column.name, spool) });
    }
    const label = labelColumn(files[0]!);
    let told: PictureLabels = {};
    if (label !== undefined) {
      const values: unknown[] = [];
      for (const file of files) for (const value of await file.read(label.name, 0, file.rows)) values.push(value);
      told = labelsOf(paths[0], label, values, files[0]!.classNames.get(label.name));
    }
    const places = readers.flatMap(({ file, read }) =>
      Array.from({ length: file.rows }, (_, row) => ({ file, row, read })),
    );
    if (places.length === 0) {
      throw new GanKitError('invalid-data', `'${paths[0]}' has no rows; give a file that has some.`, {
        path: paths[0],
      });
    }
    return {
      name: basename(paths[0]).replace(/(-\d+-of-\d+)?\.parquet$/i, ''),
      entries: places.map(
        ({ file, row }, at): PictureEntry => ({
          path: `${file.source.name} row ${row}`,
          label: told.labels?.[at],
          vector: told.vectors?.[at],
        }),
      ),
      classNames: told.classNames,
      fingerprint: async () => files.map(({ source }) => source.fingerprint).join('\n'),
      read: (at) => places[at]!.read(places[at]!.row),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
