// Tables in files: CSV and Parquet.
import { type DataSource, GanKitError } from '@gankit/core';
import type { Cell, RawColumn } from '../tables/column-values.ts';
import { type TablePolicy, tableSet } from '../tables/table-set.ts';
import { readCsv } from './csv-file.ts';
import { lookAt } from './look-at.ts';
import { isParquet } from './magic.ts';
import { openParquet } from './parquet-file.ts';
import { shardsIn } from './shards.ts';

const readable = ['number', 'flag', 'text'];

async function readParquetColumns(path: string): Promise<{ columns: RawColumn[]; unreadable: string[] }> {
  const file = await openParquet(path);
  try {
    const columns: RawColumn[] = [];
    for (const { name, kind } of file.columns) {
      if (!readable.includes(kind)) continue;
      columns.push({ name, cells: (await file.read(name, 0, file.rows)) as readonly Cell[] });
    }
    const unreadable = file.columns.filter(({ kind }) => !readable.includes(kind)).map(({ name }) => name);
    return { columns, unreadable };
  } finally {
    await file.close();
  }
}

/** The columns of several files as those of one table. @throws GanKitError `invalid-data` when they do not have the same ones. */
function joined(paths: readonly string[], tables: readonly (readonly RawColumn[])[]): RawColumn[] {
  const [first = [], ...others] = tables;
  others.forEach((table, at) => {
    if (table.length === first.length && table.every(({ name }, column) => name === first[column]!.name)) return;
    throw new GanKitError(
      'invalid-data',
      `'${paths[at + 1]}' has other columns than '${paths[0]}'; put one table into a folder.`,
      { path: paths[at + 1] },
    );
  });
  return first.map(({ name }, column) => ({ name, cells: tables.flatMap((table) => table[column]!.cells) }));
}

/**
 * Opens a table: a CSV file, a Parquet file of numbers, flags and texts, or a folder of such Parquet files.
 * @param path A path, or the address of a file whose server gives ranges.
 * @throws GanKitError Whatever reading the file and `tableSet` refuse.
 */
export async function openTable(path: string, policy: TablePolicy = {}): Promise<DataSource> {
  const place = await lookAt(path);
  const name = place.name.replace(/\.\w+$/, '');
  const inFolder = place.folder && shardsIn(place.path, place.folder, /\.parquet$/i);
  if (inFolder?.length === 0) {
    throw new GanKitError('invalid-data', `There is no Parquet file in '${path}'; give the path of a table.`, { path });
  }
  if (inFolder === undefined && !isParquet(place.start)) {
    return tableSet({ name, columns: await readCsv(path), ...policy });
  }
  const paths = inFolder ?? [path];
  const tables = [];
  for (const each of paths) tables.push(await readParquetColumns(each));
  const columns = joined(
    paths,
    tables.map((table) => table.columns),
  );
  const { unreadable } = tables[0]!;
  if (columns.length === 0) {
    throw new GanKitError(
      'invalid-data',
      `'${path}' has no column of numbers or texts, only ${unreadable.join(', ')}.`,
      { path },
    );
  }
  const source = tableSet({ name, columns, ...policy });
  if (unreadable.length === 0) return source;
  const left = `Columns that are neither numbers nor texts are left out: ${unreadable.join(', ')}.`;
  return { ...source, notes: [...(source.notes ?? []), left] };
}
