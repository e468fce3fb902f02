import {
  type Batch,
  type BatchOptions,
  checkInteger,
  checkNumber,
  checkOptions,
  type DataKind,
  type DataSource,
} from '@gankit/core';
import { checkBatchOptions, checkBatchSize } from './batch-options.ts';
import { sharedIndices } from './batch-share.ts';
import { batchStream, isPromise } from './batch-stream.ts';
import { checkedBatch } from './checked-batch.ts';
import { checkKind } from './data-kind.ts';
import { SampleOrder } from './sample-order.ts';

export interface IndexedSourceOptions {
  /** The name for messages, for example `shoes`. */
  readonly name: string;
  readonly kind: DataKind;
  /** Shape of one sample without the batch axis. */
  readonly shape: readonly number[];
  /** Number of samples. */
  readonly size: number;
  /**
   * Makes a batch of the samples with these indices, in their order: `data` float32 [indices.length, ...shape] in [-1, 1], and what is
   * known of each. At once, or as a promise; it must depend on the indices alone, because several reads may be under way.
   */
  readonly read: (indices: Uint32Array) => Batch | PromiseLike<Batch>;
  /** Batches that are read ahead while the one before them is in use; 0 when absent. 2 suits most decoders. */
  readonly prefetch?: number | undefined;
  readonly classNames?: readonly string[] | undefined;
  /** Length of the `vectors` that batches carry; absent when they carry none. */
  readonly vectorLength?: number | undefined;
  /** Shape of the `images` that batches carry, the other half of each pair; absent when they carry none. */
  readonly pairedShape?: readonly number[] | undefined;
  /** A sample times this number is in the data's own units; 1 when absent. */
  readonly scale?: number | undefined;
  /** What each number of a row of a table stands for. */
  readonly columns?: DataSource['columns'];
  /** Options that were chosen by looking at the data. */
  readonly chosen?: DataSource['chosen'];
  /** What whoever trains on it should know, a sentence each. */
  readonly notes?: DataSource['notes'];
}

/**
 * A data source of samples that have an index: files in a folder, rows of a table, anything in memory. Order, epochs, the last batch,
 * reading ahead and resuming are taken care of; `read` only has to read.
 * @throws GanKitError `invalid-argument` for a size, shape, prefetch or scale that makes no sense, `invalid-shape` for a shape that does not go
 *   with the kind. Reading throws `invalid-shape` for a batch that is not what was asked for.
 */
export function indexedSource(options: IndexedSourceOptions): DataSource {
  checkOptions('indexedSource', options, {
    name: 'required',
    kind: 'required',
    shape: 'required',
    size: 'required',
    read: 'required',
    prefetch: 'optional',
    classNames: 'optional',
    vectorLength: 'optional',
    pairedShape: 'optional',
    scale: 'optional',
    columns: 'optional',
    chosen: 'optional',
    notes: 'optional',
  });
  const { name, kind, shape, size, read, prefetch = 0, classNames, vectorLength, pairedShape, scale } = options;
  const { columns, chosen, notes } = options;
  checkKind(name, kind, shape);
  checkInteger(`size of '${name}'`, size);
  checkInteger('prefetch', prefetch, 0);
  if (scale !== undefined) checkNumber('scale', scale, Number.MIN_VALUE);
  return {
    name,
    kind,
    shape,
    size,
    classNames,
    vectorLength,
    pairedShape,
    scale,
    columns,
    chosen,
    notes,
    batches(batchOptions: BatchOptions) {
      checkBatchOptions(batchOptions);
      checkBatchSize(name, batchOptions.batchSize, size);
      return batchStream({
        position: new SampleOrder(size, batchOptions),
        prefetch,
        read(batchIndices) {
          const indices = sharedIndices(batchIndices, batchOptions.share);
          const check = (batch: Batch) => checkedBatch(name, shape, indices.length, batch);
          const batch = read(indices);
          return isPromise(batch) ? batch.then(check) : check(batch);
        },
      });
    },
  };
}
