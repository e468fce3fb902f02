// A set of samples of any shape that is held in memory as numbers.
import { checkOptions, type DataKind, type DataSource, formatShape, GanKitError } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { checkKind } from './data-kind.ts';
import { indexedSource } from './indexed-source.ts';
import { checkArray, checkedNumbers, numberRows } from './numbers.ts';
import { conditionReader, type SampleConditions } from './sample-conditions.ts';

/** Samples and what is known of them. A Float32Array is not copied: leave it as it is afterwards. */
export interface ArraySetOptions extends SampleConditions {
  /** The name for messages, for example `temperatures`. */
  readonly name: string;
  readonly kind: DataKind;
  /** Shape of one sample without the batch axis. */
  readonly shape: readonly number[];
  /** All samples one after another, in [-1, 1]. Of a tensor, `await tensor.data()`. */
  readonly values: ArrayLike<number>;
  /** What a sample must be multiplied by to be in the data's own units again; 1 when absent. */
  readonly scale?: number | undefined;
  /** What each number of a row of a table stands for; see `tableSet`. */
  readonly columns?: DataSource['columns'];
  /** Options that were chosen by looking at the data. */
  readonly chosen?: DataSource['chosen'];
  /** What whoever trains on it should know, a sentence each. */
  readonly notes?: DataSource['notes'];
}

/** What is wrong with a number that no generator could make. */
function outside(value: number): string | undefined {
  if (!Number.isFinite(value)) return 'replace or leave out what is not finite';
  if (Math.abs(value) <= 1) return undefined;
  return 'divide all of them by their largest magnitude, so that they lie in [-1, 1], and give that number as scale';
}

/**
 * A data source of plain numbers in memory: rows of a table, series, points, images that are no bytes.
 * @throws GanKitError `invalid-data` when a number of values, labels, vectors or images does not fit, for a value that is not finite or
 *   not in [-1, 1], and for a label that is not one of the classes; each names the first one. `invalid-shape` for a shape that does not go
 *   with the kind.
 */
export function arraySet(options: ArraySetOptions): DataSource {
  checkOptions('arraySet', options, {
    name: 'required',
    kind: 'required',
    shape: 'required',
    values: 'required',
    labels: 'optional',
    classNames: 'optional',
    vectors: 'optional',
    images: 'optional',
    scale: 'optional',
    columns: 'optional',
    chosen: 'optional',
    notes: 'optional',
  });
  const { name, kind, shape, classNames, scale, columns, chosen, notes } = options;
  checkKind(name, kind, shape);
  checkArray(name, 'values', options.values);
  const length = shape.reduce((product, axis) => product * axis, 1);
  const size = options.values.length / length;
  if (!Number.isInteger(size) || size < 1) {
    throw new GanKitError(
      'invalid-data',
      `'${name}' has ${options.values.length} values, which is not a whole number of samples of shape ${formatShape(shape)}; look at the shape.`,
      { value: options.values.length },
    );
  }
  const values = checkedNumbers(name, 'values', options.values, length, outside);
  const told = conditionReader(name, size, options);
  return indexedSource({
    name,
    kind,
    shape,
    size,
    classNames,
    vectorLength: options.vectors && options.vectors.length / size,
    pairedShape: options.images?.shape,
    scale,
    columns,
    chosen,
    notes,
    read: (indices) => ({
      data: tf.tensor(numberRows(values, length, indices), [indices.length, ...shape], 'float32'),
      ...told(indices),
    }),
  });
}
