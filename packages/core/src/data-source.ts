import type * as tf from '@tensorflow/tfjs';
import type { RandomStream } from './random.ts';
import type { Stateful } from './state.ts';

/** One batch of real samples. Whoever takes it from the stream owns its tensors. */
export interface Batch {
  /** float32 [batch, ...shape], in [-1, 1]. */
  readonly data: tf.Tensor;
  /** Class of each sample: int32 [batch]. */
  readonly labels?: tf.Tensor1D;
}

/** An endless stream of batches with a position that can be saved. */
export interface BatchStream extends AsyncIterableIterator<Batch>, Stateful {}

/** How to read a source. */
export interface BatchOptions {
  /** Samples in a batch, from 1 to the size of the data set. */
  readonly batchSize: number;
  /** Decides the order; the stream draws from it alone. */
  readonly random: RandomStream;
}

/** Data to learn from. Values always lie in [-1, 1]. */
export interface DataSource {
  /** The name it has in the registry and in messages, for example `mnist`. */
  readonly name: string;
  /** Shape of one sample without the batch axis. */
  readonly shape: readonly number[];
  /** Number of samples; absent when they are drawn without end. */
  readonly size?: number;
  readonly classNames?: readonly string[];
  /** A sample times this number is in the data's own units; 1 when absent. (A grid of modes from -4 to 4 has a scale over 4.) */
  readonly scale?: number;
  /**
   * An endless, seeded, shuffled stream: every sample once an epoch, a short last batch is dropped.
   * @throws GanKitError `invalid-argument` when the batch size is not from 1 to `size`.
   */
  batches(options: BatchOptions): BatchStream;
}
