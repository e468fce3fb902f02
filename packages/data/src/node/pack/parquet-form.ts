// A Parquet file as Hugging Face's `datasets` write and read it: `image` with `bytes` and `path`, `label` with the names of its classes.

import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { optionalPackage } from '../optional-package.ts';
import type { PackedPicture, PackedSet } from './packed-set.ts';

/** As `datasets` have it for pictures: a reader unpacks a group at a time. */
const rowsInGroup = 100;

type Row = { readonly image: { readonly bytes: Uint8Array; readonly path: string }; readonly label?: unknown };

async function* rowsOf(first: PackedPicture, rest: AsyncIterator<PackedPicture>): AsyncGenerator<Row> {
  let index = 0;
  for (let next: IteratorResult<PackedPicture> = { done: false, value: first }; !next.done; next = await rest.next()) {
    const { png, label, vector } = next.value;
    const told = vector ?? (label === undefined ? undefined : BigInt(label));
    yield {
      image: { bytes: png, path: `${String(index++).padStart(8, '0')}.png` },
      ...(told !== undefined && { label: told }),
    };
  }
}

/** What `datasets` know of the columns. */
function featuresOf({ label, vector }: PackedPicture, classNames: readonly string[] | undefined) {
  const names = classNames && { names: classNames, _type: 'ClassLabel' };
  const numbers = { feature: { dtype: 'float64', _type: 'Value' }, _type: 'List' };
  const described = vector === undefined ? (names ?? { dtype: 'int64', _type: 'Value' }) : numbers;
  const told = label !== undefined || vector !== undefined;
  return { info: { features: { image: { _type: 'Image' }, ...(told && { label: described }) } } };
}

const image = [
  { name: 'image', repetition_type: 'OPTIONAL', num_children: 2 },
  { name: 'bytes', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL' },
  { name: 'path', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL', converted_type: 'UTF8' },
] as const;
const classLabel = [{ name: 'label', type: 'INT64', repetition_type: 'OPTIONAL' }] as const;
const vectorLabel = [
  { name: 'label', repetition_type: 'OPTIONAL', num_children: 1, converted_type: 'LIST' },
  { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
  { name: 'element', type: 'DOUBLE', repetition_type: 'OPTIONAL' },
] as const;

export async function* parquetForm({ pictures, classNames }: PackedSet): AsyncGenerator<Uint8Array> {
  const load = () => import('hyparquet-writer');
  const { ByteWriter, parquetWriteRows } = await optionalPackage(
    'Parquet files are written by',
    'hyparquet-writer',
    load,
  );
  const iterator = pictures[Symbol.asyncIterator]();
  const begin = await iterator.next();
  if (begin.done) return;
  const first = begin.value;
  const label = first.vector !== undefined ? vectorLabel : first.label !== undefined ? classLabel : [];
  const columns = [{ name: 'image' }, ...(label.length > 0 ? [{ name: 'label' }] : [])];
  const output = new PassThrough({ highWaterMark: 2 ** 22 });
  class Streamed extends ByteWriter {
    async flush(): Promise<void> {
      const bytes = this.getBytes().slice();
      this.index = 0;
      if (!output.write(bytes)) await once(output, 'drain');
    }
    override async finish(): Promise<void> {
      await this.flush();
      output.end();
    }
  }
  const written = Promise.resolve(
    parquetWriteRows({
      writer: new Streamed(),
      rows: rowsOf(first, iterator),
      columns,
      schema: [{ name: 'root', num_children: columns.length }, ...image, ...label],
      rowGroupSize: rowsInGroup,
      // Pictures are packed already.
      codec: 'UNCOMPRESSED',
      statistics: false,
      kvMetadata: [{ key: 'huggingface', value: JSON.stringify(featuresOf(first, classNames)) }],
      createdBy: 'gankit',
    }),
  ).catch((error: unknown) => output.destroy(error as Error));
  for await (const part of output) yield part as Buffer;
  await written;
}
