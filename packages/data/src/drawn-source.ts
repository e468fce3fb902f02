import {
  type Batch,
  type BatchOptions,
  checkInteger,
  checkNumber,
  checkOptions,
  type DataKind,
  type DataSource,
  GanKitError,
  type RandomState,
  type RandomStream,
  type State,
} from '@gankit/core';
import { checkBatchOptions } from './batch-options.ts';
import { sharedBatch } from './batch-share.ts';
import { type BatchPosition, batchStream, isPromise } from './batch-stream.ts';
import { checkedBatch } from './checked-batch.ts';
import { checkKind } from './data-kind.ts';

export interface DrawnSourceOptions {
  /** The name for messages, for example `days`. */
  readonly name: string;
  readonly kind: DataKind;
  /** Shape of one sample without the batch axis. */
  readonly shape: readonly number[];
  /**
   * Draws a batch: `data` float32 [count, ...shape] in [-1, 1], and what is known of each sample. At once, or as a promise. Everything
   * random comes from `random`, which is a stream of this batch alone.
   */
  readonly draw: (count: number, random: RandomStream) => Batch | PromiseLike<Batch>;
  /** Batches that are drawn ahead while the one before them is in use; 0 when absent. For a simulation that takes time. */
  readonly prefetch?: number | undefined;
  readonly classNames?: readonly string[] | undefined;
  /** Length of the `vectors` that batches carry; absent when they carry none. */
  readonly vectorLength?: number | undefined;
  /** Shape of the `images` that batches carry, the other half of each pair; absent when they carry none. */
  readonly pairedShape?: readonly number[] | undefined;
  /** A sample times this number is in the data's own units; 1 when absent. */
  readonly scale?: number | undefined;
}

/** Counts batches. Batch n draws from a fork of its own, so that the position is a number and batches may be drawn at the same time. */
class DrawnPosition implements BatchPosition<RandomStream> {
  readonly #random: RandomStream;
  #batch = 0;

  constructor(random: RandomStream) {
    this.#random = random.fork('batches');
  }

  next(): RandomStream {
    return this.#random.fork(`batch ${this.#batch++}`);
  }

  saveState(): State {
    return { values: { random: { ...this.#random.saveState() }, batch: this.#batch } };
  }

  loadState({ values = {} }: State): void {
    const { random, batch } = values;
    if (!Number.isSafeInteger(batch) || (batch as number) < 0) {
      throw new GanKitError(
        'invalid-data',
        'The saved position in data that are drawn is damaged; resume from another checkpoint.',
        { value: values },
      );
    }
    this.#random.loadState(random as unknown as RandomState);
    this.#batch = batch as number;
  }
}

/**
 * A data source of samples that are drawn without end: a formula, a simulation. It has no size and no epochs, and needs a random stream.
 * @throws GanKitError `invalid-argument` for a shape, prefetch or scale that makes no sense, `invalid-shape` for a shape that does not go with
 *   the kind. Reading throws `invalid-shape` for a batch that is not what was asked for.
 */
export function drawnSource(options: DrawnSourceOptions): DataSource {
  checkOptions('drawnSource', options, {
    name: 'required',
    kind: 'required',
    shape: 'required',
    draw: 'required',
    prefetch: 'optional',
    classNames: 'optional',
    vectorLength: 'optional',
    pairedShape: 'optional',
    scale: 'optional',
  });
  const { name, kind, shape, draw, prefetch = 0, classNames, vectorLength, pairedShape, scale } = options;
  checkKind(name, kind, shape);
  checkInteger('prefetch', prefetch, 0);
  if (scale !== undefined) checkNumber('scale', scale, Number.MIN_VALUE);
  return {
    name,
    kind,
    shape,
    classNames,
    vectorLength,
    pairedShape,
    scale,
    batches(batchOptions: BatchOptions) {
      checkBatchOptions(batchOptions);
      const { batchSize, random, epochs, share } = batchOptions;
      if (epochs !== undefined) {
        throw new GanKitError(
          'invalid-argument',
          `'${name}' is drawn without end and has no epochs; leave epochs out, and take as many batches as you need.`,
          { value: epochs },
        );
      }
      if (random === undefined) {
        throw new GanKitError(
          'invalid-argument',
          `'${name}' draws its samples and has no order to read them in; give batches a random stream.`,
        );
      }
      return batchStream({
        position: new DrawnPosition(random),
        prefetch,
        read(own) {
          const check = (batch: Batch) => sharedBatch(checkedBatch(name, shape, batchSize, batch), share);
          const batch = draw(batchSize, own);
          return isPromise(batch) ? batch.then(check) : check(batch);
        },
      });
    },
  };
}
