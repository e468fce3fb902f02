// A stream of batches whose saved position is that of the batches that were taken, however far ahead it reads.
import { type Batch, type BatchStream, checkInteger, checkOptions, disposeBatch, type State } from '@gankit/core';

/** A place in the data: says what the next batch is made of, and can be saved. */
export interface BatchPosition<T> {
  /** What the next batch is to be made of, and moves past it; `undefined` at the end of the data. */
  next(): T | undefined;
  saveState(): State;
  /** @throws GanKitError, before anything has changed, when the state is damaged or belongs to other data. */
  loadState(state: State): void;
}

export interface BatchStreamOptions<T> {
  /** Where the stream stands; from now on it belongs to the stream. */
  readonly position: BatchPosition<T>;
  /**
   * Makes a batch of what the position said: at once, or as a promise where files are read and decoded. It must depend on nothing else,
   * because several reads may be under way, and a read may be repeated. `undefined` ends the stream.
   */
  readonly read: (what: T) => Batch | undefined | PromiseLike<Batch | undefined>;
  /** Batches that are read ahead while the one before them is in use; 0 when absent. 2 suits most decoders. */
  readonly prefetch?: number | undefined;
}

/** A batch on its way, and the position after it. */
interface Reading {
  readonly batch: Batch | undefined | Promise<Batch | undefined>;
  readonly after: State;
}

type Result = IteratorResult<Batch, undefined>;

function free(batch: Batch | undefined): void {
  if (batch !== undefined) disposeBatch(batch);
}

const finished: Result = { done: true, value: undefined };

export function isPromise<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return typeof (value as Partial<PromiseLike<T>> | undefined)?.then === 'function';
}

class ReadAheadStream<T> implements BatchStream {
  readonly #position: BatchPosition<T>;
  readonly #read: BatchStreamOptions<T>['read'];
  readonly #prefetch: number;
  #readings: Reading[] = [];
  /** The position after the last batch that was taken. */
  #taken: State;
  #ended = false;
  #closed = false;
  /** The last call of `next` that still waits. */
  #waiting: Promise<Result> | undefined;
  /** What frees batches that nobody wants any more and that are still being read. */
  readonly #unwanted = new Set<Promise<void>>();

  constructor({ position, read, prefetch = 0 }: BatchStreamOptions<T>) {
    checkInteger('prefetch', prefetch, 0);
    this.#position = position;
    this.#read = read;
    this.#prefetch = prefetch;
    this.#taken = position.saveState();
  }

  next(): Promise<Result> {
    // Calls are answered one after another; where nothing waits and nothing is decoded, at once.
    const take = () => this.#take();
    const result = this.#waiting === undefined ? take() : this.#waiting.then(take, take);
    if (!isPromise(result)) return Promise.resolve(result);
    const settled = () => {
      if (this.#waiting === result) this.#waiting = undefined;
    };
    this.#waiting = result;
    result.then(settled, settled);
    return result;
  }

  async return(): Promise<Result> {
    this.#closed = true;
    this.#discard();
    await Promise.all(this.#unwanted);
    return finished;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async saveState(): Promise<State> {
    return this.#taken;
  }

  loadState(state: State): void {
    this.#position.loadState(state);
    this.#discard();
    this.#ended = false;
    this.#taken = this.#position.saveState();
  }

  #take(): Result | Promise<Result> {
    if (this.#ended || this.#closed) return finished;
    this.#readAhead();
    const first = this.#readings[0]!;
    return isPromise(first.batch) ? this.#waitFor(first, first.batch) : this.#deliver(first, first.batch);
  }

  async #waitFor(reading: Reading, promise: Promise<Batch | undefined>): Promise<Result> {
    // The stream may have been moved or closed in the meantime: then this reading is no longer the first one, whoever removed it
    // frees it, and the call is answered from where the stream is now.
    try {
      const batch = await promise;
      return this.#readings[0] === reading ? this.#deliver(reading, batch) : this.#take();
    } catch (error) {
      if (this.#readings[0] !== reading) return this.#take();
      // Back to before the failed batch, so that the next call, and a run that is resumed from here, read it again.
      this.loadState(this.#taken);
      throw error;
    }
  }

  #deliver(reading: Reading, batch: Batch | undefined): Result {
    if (batch === undefined) {
      this.#ended = true;
      this.#discard();
      return finished;
    }
    this.#readings.shift();
    this.#taken = reading.after;
    return { done: false, value: batch };
  }

  /** Starts reading until the next batch and `prefetch` more are on their way, or the data end. */
  #readAhead(): void {
    const atEnd = () => this.#readings.length > 0 && this.#readings.at(-1)!.batch === undefined;
    while (this.#readings.length <= this.#prefetch && !atEnd()) {
      const batch = this.#startReading();
      this.#readings.push({ batch, after: this.#position.saveState() });
    }
  }

  #startReading(): Reading['batch'] {
    try {
      const what = this.#position.next();
      const batch = what === undefined ? undefined : this.#read(what);
      if (!isPromise(batch)) return batch;
      const promise = Promise.resolve(batch);
      // Its failure is told to the call that wants this batch; until then it is nobody's unhandled rejection.
      promise.catch(() => {});
      return promise;
    } catch (error) {
      const failed = Promise.reject(error);
      failed.catch(() => {});
      return failed;
    }
  }

  /** Frees every batch that was read ahead, those still being read as soon as they are there. */
  #discard(): void {
    for (const { batch } of this.#readings.splice(0)) {
      if (!isPromise(batch)) {
        free(batch);
        continue;
      }
      const freed: Promise<void> = batch.then(free, () => {});
      this.#unwanted.add(freed);
      freed.then(() => this.#unwanted.delete(freed));
    }
  }
}

/**
 * The stream behind every source; to write a source, begin with `indexedSource` or `drawnSource`, which use it.
 *
 * Batches come in the order of the position, also when later ones are decoded earlier. `saveState` gives the position of what was
 * taken, not of what was read ahead. When a read fails, the call of `next` that would have got the batch throws, and the position stays
 * before that batch: the next call reads it again. `return` (the end of a `for await`) closes the stream for good and frees what was read
 * ahead; whoever stops reading in another way calls it.
 * @throws GanKitError `invalid-argument` for a `prefetch` that is not a whole number of at least 0.
 */
export function batchStream<T>(options: BatchStreamOptions<T>): BatchStream {
  checkOptions('batchStream', options, { position: 'required', read: 'required', prefetch: 'optional' });
  return new ReadAheadStream(options);
}
