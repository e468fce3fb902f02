import { type BatchOptions, checkInteger, GanKitError, type RandomStream, type State } from '@gankit/core';

/** Checks the options of `DataSource.batches` against the size of the set. */
export function checkBatchSize(name: string, { batchSize }: BatchOptions, size: number): void {
  checkInteger('batchSize', batchSize);
  if (batchSize > size) {
    throw new GanKitError(
      'invalid-argument',
      `A batch of ${batchSize} is larger than the data set '${name}' with its ${size} samples; choose at most ${size}.`,
      { value: batchSize },
    );
  }
}

/**
 * The order in which a finite set is read: a new random permutation each epoch, cut into whole batches.
 *
 * Its state is the random stream as it was before the current permutation, and the position in it: a permutation is drawn
 * again on resume instead of being stored.
 */
export class ShuffledOrder {
  readonly #size: number;
  readonly #batchSize: number;
  readonly #random: RandomStream;
  #epoch = -1;
  #position: number;
  #order: Uint32Array = new Uint32Array(0);
  #beforeEpoch;

  constructor(size: number, batchSize: number, random: RandomStream) {
    this.#size = size;
    this.#batchSize = batchSize;
    this.#random = random;
    this.#position = size;
    this.#beforeEpoch = random.saveState();
  }

  /** The indices of the next batch. */
  next(): Uint32Array {
    if (this.#position + this.#batchSize > this.#size) {
      this.#beforeEpoch = this.#random.saveState();
      this.#order = this.#random.permutation(this.#size);
      this.#epoch++;
      this.#position = 0;
    }
    const indices = this.#order.subarray(this.#position, this.#position + this.#batchSize);
    this.#position += this.#batchSize;
    return indices;
  }

  saveState(): State {
    const { words, path } = this.#beforeEpoch;
    return { values: { random: { words, path }, epoch: this.#epoch, position: this.#position, size: this.#size } };
  }

  loadState({ values = {} }: State): void {
    const { random, epoch, position, size } = values as Partial<Record<string, number>> & { random?: never };
    if (size !== this.#size) {
      throw new GanKitError(
        'incompatible',
        `The saved position is in a data set of ${size} samples, this one has ${this.#size}; resume with the same data.`,
      );
    }
    if (random === undefined || epoch === undefined || position === undefined) {
      throw new GanKitError('invalid-data', 'The saved position in the data set is damaged.', { value: values });
    }
    this.#random.loadState(random);
    this.#beforeEpoch = this.#random.saveState();
    this.#epoch = epoch;
    this.#position = position;
    this.#order = epoch < 0 ? new Uint32Array(0) : this.#random.permutation(this.#size);
  }
}
