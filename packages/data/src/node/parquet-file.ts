// Parquet files, read by row groups where they lie (through hyparquet, an optional package).
import { GanKitError } from '@gankit/core';
import type { FileMetaData, SchemaTree } from 'hyparquet';
import { optionalPackage } from './optional-package.ts';
import { openRandomAccess, type RandomAccess } from './random-access.ts';

/** One column at the top of a Parquet file. */
export interface ParquetColumn {
  readonly name: string;
  /** `picture` is a struct with `bytes`, as Hugging Face's Image has it; `bytes` may be anything. */
  readonly kind: 'number' | 'flag' | 'text' | 'bytes' | 'picture' | 'other';
}

/** Rows that are read at once. */
export interface RowGroup {
  readonly start: number;
  readonly end: number;
}

/** An open Parquet file. Whoever opens it closes it. */
export interface ParquetFile {
  readonly source: RandomAccess;
  readonly rows: number;
  readonly columns: readonly ParquetColumn[];
  readonly groups: readonly RowGroup[];
  /** Names of the classes of each column that has some, from the metadata that Hugging Face's `datasets` write. */
  readonly classNames: ReadonlyMap<string, readonly string[]>;
  /** The values of one column from row `start` to before `end`. */
  read(column: string, start: number, end: number): Promise<readonly unknown[]>;
  close(): Promise<void>;
}

/** The most rows of a file. */
const mostRows = 2 ** 31 - 1;
/** The most uncompressed bytes of one row group, which are in memory at once. */
const mostGroupBytes = 2 ** 31;

const numeric = new Set(['INT32', 'INT64', 'FLOAT', 'DOUBLE']);

function kindOf({ element, children }: SchemaTree): ParquetColumn['kind'] {
  const { type, converted_type: converted, logical_type: logical, repetition_type: repetition } = element;
  if (repetition === 'REPEATED') return 'other';
  if (children.length > 0) return children.some((child) => child.element.name === 'bytes') ? 'picture' : 'other';
  if (type === 'BOOLEAN') return 'flag';
  if (type === 'BYTE_ARRAY') {
    if (converted === 'UTF8' || converted === 'ENUM' || logical?.type === 'STRING' || logical?.type === 'ENUM')
      return 'text';
    return converted === undefined && logical === undefined ? 'bytes' : 'other';
  }
  const plain = converted === undefined || /^U?INT_/.test(converted) || converted === 'DECIMAL';
  if (type !== undefined && numeric.has(type) && plain) return 'number';
  return logical?.type === 'FLOAT16' ? 'number' : 'other';
}

/** `{ info: { features: { label: { names: [...], _type: 'ClassLabel' } } } }`, if it is there and is that. */
function classNamesOf({ key_value_metadata: pairs = [] }: FileMetaData): Map<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  const text = pairs.find(({ key }) => key === 'huggingface')?.value;
  if (text === undefined) return found;
  try {
    const document = JSON.parse(text) as { info?: { features?: Record<string, { names?: unknown }> } };
    for (const [column, feature] of Object.entries(document.info?.features ?? {})) {
      const names = feature?.names;
      if (Array.isArray(names) && names.every((name) => typeof name === 'string')) found.set(column, names as string[]);
    }
  } catch {
    // It only names classes: numbers name them as well.
  }
  return found;
}

/** Paths of the columns that hold values, parts of structs among them. */
function leavesOf({ children, path }: SchemaTree): string[] {
  return children.length === 0 ? [path.join('.')] : children.flatMap(leavesOf);
}

/** Checks that every part of a column is one of the schema and lies in the file, before several are read at once. */
function checkChunks({ row_groups: groups }: FileMetaData, schema: SchemaTree, size: number): void {
  const leaves = new Set(leavesOf(schema));
  for (const { meta_data: chunk } of groups.flatMap(({ columns }) => columns)) {
    if (chunk === undefined || !leaves.has(chunk.path_in_schema.join('.'))) throw new Error('a column of no schema');
    const start = Number(chunk.dictionary_page_offset ?? chunk.data_page_offset);
    const end = start + Number(chunk.total_compressed_size);
    if (!(start >= 0 && end >= start && end <= size)) throw new Error(`a column from byte ${start} to ${end}`);
  }
}

/**
 * Opens a Parquet file.
 * @param path A path, or an address whose server gives ranges.
 * @throws GanKitError `invalid-data` when it is none or damaged, `file` when it or the package `hyparquet` cannot be read.
 */
export async function openParquet(path: string): Promise<ParquetFile> {
  const load = () => import('hyparquet');
  const { parquetMetadataAsync, parquetRead, parquetSchema } = await optionalPackage(
    'Parquet files are read by',
    'hyparquet',
    load,
  );
  // Without them only files packed by Snappy, or not at all, are read, which most are.
  const compressors = await import('hyparquet-compressors').then((module) => module.compressors).catch(() => undefined);
  const source = await openRandomAccess(path);
  const refuse = (cause: unknown, what = 'is a damaged Parquet file') => {
    if (GanKitError.isInstance(cause)) return cause;
    const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
    return new GanKitError('invalid-data', `'${path}' ${what} (${reason}); get the file again.`, { path, cause });
  };
  const file = {
    byteLength: source.size,
    slice(start: number, end = source.size): Promise<ArrayBuffer> {
      const part = source.read(start, end - start).then((bytes) => bytes.buffer as ArrayBuffer);
      // hyparquet asks for every part at once and may end at the first that fails: the others are nobody's unhandled rejections.
      part.catch(() => {});
      return part;
    },
  };
  try {
    const metadata = await parquetMetadataAsync(file);
    let rows = 0;
    const groups = metadata.row_groups.map(({ num_rows: count, total_byte_size: size }) => {
      const start = rows;
      if (count < 0n || count > mostRows || size > mostGroupBytes) {
        throw new Error(`a row group of ${count} rows and ${size} bytes`);
      }
      rows += Number(count);
      return { start, end: rows };
    });
    if (rows > mostRows) throw new Error(`${rows} rows`);
    const schema = parquetSchema(metadata);
    checkChunks(metadata, schema, source.size);
    const trees = schema.children;
    const structs = new Set(trees.filter(({ children }) => children.length > 0).map(({ element }) => element.name));
    return {
      source,
      rows,
      columns: trees.map((tree) => ({ name: tree.element.name, kind: kindOf(tree) })),
      groups,
      classNames: classNamesOf(metadata),
      async read(column, start, end) {
        const values: unknown[] = [];
        try {
          const wanted = {
            file,
            metadata,
            ...(compressors !== undefined && { compressors }),
            columns: [column],
            rowStart: start,
            rowEnd: end,
            utf8: false,
          };
          // Of a struct, hyparquet waits for one part after the other, and the failure of a later one would be nobody's. Without a
          // listener it waits for all and tells the first failure; what passed that does not fail again.
          if (structs.has(column)) await parquetRead(wanted);
          await parquetRead({
            ...wanted,
            onComplete: (found) => {
              for (const row of found) values.push(row[0]);
            },
          });
        } catch (cause) {
          const advice =
            compressors === undefined
              ? "; if it is packed otherwise than by Snappy, run 'npm install hyparquet-compressors'"
              : '';
          throw refuse(cause, `cannot be read from row ${start} on${advice}`);
        }
        if (values.length === end - start) return values;
        throw refuse(new Error(`${values.length} values of '${column}' in ${end - start} rows`));
      },
      close: () => source.close(),
    };
  } catch (cause) {
    await source.close();
    throw refuse(cause);
  }
}
