// Mean and covariance of features, gathered batch by batch: all that a Fréchet distance needs of a data set.
import { GanKitError } from '@gankit/core';
import { countRows, type Features } from './features.ts';
import { innerProducts } from './inner-products.ts';

/** First and second moments of features. */
export interface Moments {
  /** Samples that they were taken from. */
  readonly count: number;
  readonly dimensions: number;
  /** [dimensions] */
  readonly mean: Float64Array;
  /** [dimensions, dimensions], divided by count - 1; symmetric to the last bit. */
  readonly covariance: Float64Array;
}

/** Rows that are multiplied at a time: their columns stay in the processor's cache. */
const rowsAtATime = 128;

/** Gathers moments of features that come in batches and need not stay in memory together. Sums are float64. */
export class MomentAccumulator {
  readonly #dimensions: number;
  /** Subtracted before anything is squared, so that features far from 0 lose no digits: the mean of the first batch. */
  readonly #shift: Float64Array;
  readonly #sum: Float64Array;
  /** The upper triangle counts. */
  readonly #products: Float64Array;
  #count = 0;

  constructor(dimensions: number) {
    this.#dimensions = dimensions;
    this.#shift = new Float64Array(dimensions);
    this.#sum = new Float64Array(dimensions);
    this.#products = new Float64Array(dimensions * dimensions);
  }

  /** @throws GanKitError `invalid-shape`, `numerical` or `incompatible` for features that are not rows of this length. */
  add(features: Features): void {
    const rows = countRows('the features', features);
    if (features.dimensions !== this.#dimensions) {
      throw new GanKitError(
        'incompatible',
        `The features have ${features.dimensions} numbers in a row, and those before them had ${this.#dimensions}; take all from one extractor.`,
        { value: features.dimensions },
      );
    }
    if (this.#count === 0) this.#chooseShift(features, rows);
    for (let from = 0; from < rows; from += rowsAtATime) {
      this.#addRows(features.values, from, Math.min(rowsAtATime, rows - from));
    }
    this.#count += rows;
  }

  #chooseShift({ values }: Features, rows: number): void {
    const length = this.#dimensions;
    for (let at = 0; at < values.length; at++) this.#shift[at % length]! += values[at]! / rows;
  }

  #addRows(values: Features['values'], from: number, rows: number): void {
    const length = this.#dimensions;
    const columns = new Float64Array(length * rows);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < length; column++) {
        const value = values[(from + row) * length + column]! - this.#shift[column]!;
        columns[column * rows + row] = value;
        this.#sum[column]! += value;
      }
    }
    // Bands of the upper triangle: rows of a band against every column from its own on.
    const band = 16;
    const found = new Float64Array(band * length);
    for (let start = 0; start < length; start += band) {
      const high = Math.min(band, length - start);
      const wide = length - start;
      innerProducts(
        columns.subarray(start * rows, (start + high) * rows),
        high,
        columns.subarray(start * rows),
        wide,
        rows,
        found,
      );
      for (let i = 0; i < high; i++) {
        const to = (start + i) * length + start;
        for (let j = 0; j < wide; j++) this.#products[to + j]! += found[i * wide + j]!;
      }
    }
  }

  /**
   * Mean and covariance of all that was added.
   * @throws GanKitError `invalid-shape` for fewer than two samples.
   */
  moments(): Moments {
    const count = this.#count;
    const dimensions = this.#dimensions;
    if (count < 2) {
      throw new GanKitError('invalid-shape', `A covariance needs at least 2 samples, not ${count}.`, { value: count });
    }
    const mean = this.#sum.map((sum, column) => this.#shift[column]! + sum / count);
    const covariance = new Float64Array(dimensions * dimensions);
    for (let i = 0; i < dimensions; i++) {
      for (let j = i; j < dimensions; j++) {
        const product = this.#products[i * dimensions + j]! - (this.#sum[i]! * this.#sum[j]!) / count;
        covariance[i * dimensions + j] = product / (count - 1);
        covariance[j * dimensions + i] = product / (count - 1);
      }
    }
    return { count, dimensions, mean, covariance };
  }
}

/**
 * Mean and covariance of features that are all there.
 * @throws GanKitError `invalid-shape` for fewer than two rows, `numerical` for a number that is not finite.
 */
export function momentsOf(features: Features): Moments {
  countRows('the features', features, 2);
  const accumulator = new MomentAccumulator(features.dimensions);
  accumulator.add(features);
  return accumulator.moments();
}
