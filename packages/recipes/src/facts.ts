// What a game must know of its data before any are read.
import { type DataSource, GanKitError } from '@gankit/core';

/** What decides shapes and defaults. Plain JSON, so that it can be kept beside a generator. */
export interface DataFacts {
  readonly name: string;
  readonly kind: DataSource['kind'];
  /** Shape of one sample without the batch axis. */
  readonly shape: readonly number[];
  /** Number of samples; absent when they are drawn without end. */
  readonly size?: number | undefined;
  /** Number of classes; absent for data without. */
  readonly classes?: number | undefined;
  /** Shape of the other half of each pair of images; absent for data without. */
  readonly pairedShape?: readonly number[] | undefined;
  /** Whether it is known where its modes lie. */
  readonly hasModes: boolean;
}

/** @throws GanKitError `incompatible` for pairs whose halves differ in height or width. */
export function dataFacts(source: DataSource): DataFacts {
  const { name, kind, shape, size, classNames, pairedShape } = source;
  if (pairedShape !== undefined && (pairedShape[0] !== shape[0] || pairedShape[1] !== shape[1])) {
    throw new GanKitError(
      'incompatible',
      `The pairs of '${name}' differ in size: ${shape.join(' x ')} and ${pairedShape.join(' x ')}; make them alike.`,
      { value: [...pairedShape] },
    );
  }
  return {
    name,
    kind,
    shape,
    size,
    classes: classNames?.length,
    pairedShape,
    hasModes: 'modes' in source && source.modes !== undefined,
  };
}
