import {
  type BatchOptions,
  GanKitError,
  type Json,
  type RandomState,
  type RandomStream,
  type State,
} from '@gankit/core';
import type { BatchPosition } from './batch-stream.ts';

/**
 * The order in which a set of known size is read: epoch after epoch, every sample once in each, cut into batches of indices.
 *
 * With a random stream epoch e is shuffled by `random.fork('batches')` and of that the fork of e, so an order is a function of seed and
 * epoch, and the state is two numbers: nothing is rewound, and no permutation is stored.
 */
export class SampleOrder implements BatchPosition<Uint32Array> {
  readonly #size: number;
  readonly #batchSize: number;
  readonly #epochs: number;
  /** Samples that must be left for another batch in the same epoch. */
  readonly #smallest: number;
  readonly #random: RandomStream | undefined;
  #epoch = 0;
  /** Samples of the epoch that were given. */
  #position = 0;
  #permutation: Uint32Array | undefined;

  constructor(size: number, { batchSize, random, epochs, lastBatch }: BatchOptions) {
    this.#size = size;
    this.#batchSize = batchSize;
    this.#epochs = epochs ?? Number.POSITIVE_INFINITY;
    this.#smallest = lastBatch === 'keep' ? 1 : batchSize;
    this.#random = random?.fork('batches');
  }

  /** The indices of the next batch: `batchSize` of them, or fewer in a last batch that is kept. */
  next(): Uint32Array | undefined {
    if (this.#size - this.#position < this.#smallest) {
      this.#epoch++;
      this.#position = 0;
      this.#permutation = undefined;
    }
    if (this.#epoch >= this.#epochs) return undefined;
    const start = this.#position;
    this.#position = Math.min(start + this.#batchSize, this.#size);
    if (this.#random === undefined) {
      return Uint32Array.from({ length: this.#position - start }, (_, index) => start + index);
    }
    this.#permutation ??= this.#random.fork(`epoch ${this.#epoch}`).permutation(this.#size);
    return this.#permutation.slice(start, this.#position);
  }

  saveState(): State {
    const random: Json = this.#random === undefined ? null : { ...this.#random.saveState() };
    return { values: { random, epoch: this.#epoch, position: this.#position, size: this.#size } };
  }

  /**
   * @throws GanKitError `incompatible` for a position in a set of another size, or in a shuffled order for one that is not;
   *   `invalid-data` for a damaged one.
   */
  loadState({ values = {} }: State): void {
    const { random = null, epoch, position, size } = values;
    if (size !== this.#size) {
      throw new GanKitError(
        'incompatible',
        `The saved position is in a data set of ${size} samples, this one has ${this.#size}; resume with the same data.`,
      );
    }
    if (!isCount(epoch) || !isCount(position) || position > this.#size) {
      throw new GanKitError(
        'invalid-data',
        'The saved position in the data set is damaged; resume from another checkpoint.',
        { value: values },
      );
    }
    if ((random === null) !== (this.#random === undefined)) {
      const [saved, now] = random === null ? ['as stored', 'shuffled'] : ['shuffled', 'as stored'];
      throw new GanKitError(
        'incompatible',
        `The saved position is in data that were read ${saved}, these are read ${now}; resume with the same options.`,
      );
    }
    this.#random?.loadState(random as unknown as RandomState);
    this.#epoch = epoch;
    this.#position = position;
    this.#permutation = undefined;
  }
}

function isCount(value: Json | undefined): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
