import * as tf from '@tensorflow/tfjs';
import type { BatchShare } from './communicator.ts';
import type { Condition } from './condition.ts';
import type { RandomStream } from './random.ts';
import type { Stateful } from './state.ts';
import type { TableColumn } from './table-column.ts';

/**
 * One batch of real samples, and what is known of each: its class (`labels`), a description (`vectors`: attributes, an embedding),
 * an image that belongs to it (`images`: the other half of a pair). Whoever takes it from the stream owns its tensors and frees
 * them with {@link disposeBatch}.
 */
export interface Batch extends Condition {
  /** float32 [batch, ...shape], in [-1, 1]. */
  readonly data: tf.Tensor;
}

/** Frees every tensor of a batch, also those in fields that this version does not know. */
export function disposeBatch(batch: Batch): void {
  tf.dispose(Object.values(batch).filter((value) => value instanceof tf.Tensor));
}

/** A stream of batches with a position that can be saved: that of the batches that were taken, not of those read ahead. */
export interface BatchStream extends AsyncIterableIterator<Batch>, Stateful {}

/** How to read a source. */
export interface BatchOptions {
  /** Samples in a batch, from 1 to the size of the data set. */
  readonly batchSize: number;
  /**
   * Decides the order; the stream draws from a fork of it alone. Without it samples come in the order that they are stored in, which a
   * source that draws its samples refuses.
   */
  readonly random?: RandomStream | undefined;
  /** How many times every sample is given before the stream ends; without end when absent. */
  readonly epochs?: number | undefined;
  /**
   * What happens to the samples at the end of an epoch that do not fill a batch: `drop` (the default, so that all batches are
   * alike) or `keep`, as a smaller batch.
   */
  readonly lastBatch?: 'drop' | 'keep' | undefined;
  /**
   * Which rows of every batch are given, for one of several processes that read the same batches; all of them when absent. The position is
   * that of whole batches: one that was saved with another number of processes is the same.
   */
  readonly share?: BatchShare | undefined;
}

/** What a sample is: `images` [height, width, channels], `points` of a space, `table` rows, `sequence` [time] or [time, features]. */
export type DataKind = 'images' | 'points' | 'table' | 'sequence';

/** Data to learn from. Values always lie in [-1, 1]. */
export interface DataSource {
  /** The name it has in the registry and in messages, for example `mnist`. */
  readonly name: string;
  /** What a sample is. Pictures and files are made by it, never by guessing from the shape. */
  readonly kind: DataKind;
  /** Shape of one sample without the batch axis. */
  readonly shape: readonly number[];
  /** Number of samples; absent when they are drawn without end. */
  readonly size?: number | undefined;
  readonly classNames?: readonly string[] | undefined;
  /** Length of the description (`vectors`) that comes with each sample; absent when there is none. */
  readonly vectorLength?: number | undefined;
  /** Shape of the image that belongs to each sample, the other half of a pair: [height, width, channels]; absent when there is none. */
  readonly pairedShape?: readonly number[] | undefined;
  /** A sample times this number is in the data's own units; 1 when absent. (A grid of modes from -4 to 4 has a scale over 4.) */
  readonly scale?: number | undefined;
  /** What each number of a sample of a table stands for, so that samples can be given back as rows of it; absent for other data. */
  readonly columns?: readonly TableColumn[] | undefined;
  /** Options that the data chose by looking at what is there, by name: a recipe that names them opens the same data again. */
  readonly chosen?: Readonly<Record<string, string | number | boolean>> | undefined;
  /** What whoever trains on it should know, a sentence each: what was chosen and why, what is left out. */
  readonly notes?: readonly string[] | undefined;
  /**
   * A stream of batches: by default endless and shuffled anew in each epoch, a short last batch dropped. For a metric that needs every
   * sample once: `batches({ batchSize, epochs: 1, lastBatch: 'keep' })`.
   * @throws GanKitError `invalid-argument` when the batch size is not from 1 to `size`, or for epochs of a source without a size.
   */
  batches(options: BatchOptions): BatchStream;
}
