// One array, and perhaps its labels, as data: what it is follows from its shape, or is said.
import { type DataSource, formatShape, GanKitError } from '@gankit/core';
import { arraySet } from '../array-set.ts';
import { tableSet } from '../tables/table-set.ts';
import { channelsLast, imageArray } from './image-array.ts';
import { countOf, type NumberArray, rangeOf } from './number-array.ts';

export const arrayKinds = ['auto', 'images', 'table', 'sequence'] as const;

export interface ArraySourceOptions {
  readonly name: string;
  /** For messages. */
  readonly path: string;
  readonly array: NumberArray;
  /** Whole numbers of at least 0, one for each sample. Those that occur are the classes. */
  readonly labels?: NumberArray | undefined;
  /**
   * `auto` (the default) takes [count, height, width] and [count, height, width, channels], or channels first, for images, and [count, numbers] for a
   * table. A sequence is [count, time] or [count, time, features].
   */
  readonly kind?: (typeof arrayKinds)[number] | undefined;
}

/** The most channels by which the channel axis is known. */
const mostChannels = 16;

/** The classes of labels: the numbers that occur, in rising order. */
function classesOf(path: string, labels: NumberArray | undefined, count: number) {
  if (labels === undefined) return {};
  const numbers = Array.from(labels.data as ArrayLike<number>);
  const wrong = numbers.find((label) => !Number.isSafeInteger(label) || label < 0);
  if (wrong !== undefined) {
    throw new GanKitError(
      'invalid-data',
      `'${path}' has the label ${wrong}, where a whole number of at least 0 is a class.`,
      {
        path,
        value: wrong,
      },
    );
  }
  if (numbers.length !== count) {
    throw new GanKitError('invalid-data', `'${path}' has ${count} samples but ${numbers.length} labels.`, { path });
  }
  const occurring = [...new Set(numbers)].sort((a, b) => a - b);
  const classOf = new Map(occurring.map((label, index) => [label, index]));
  return { labels: numbers.map((label) => classOf.get(label)!), classNames: occurring.map(String) };
}

function chosenKind({ shape }: NumberArray): 'images' | 'table' {
  return shape.length >= 3 ? 'images' : 'table';
}

/**
 * An array as data.
 * @throws GanKitError `invalid-shape` for a shape that does not go with the kind, `invalid-data` for numbers that are not finite, or labels that do
 *   not fit.
 */
export function arraySource({ name, path, array, labels, kind = 'auto' }: ArraySourceOptions): DataSource {
  const { shape } = array;
  if (shape.length === 0 || countOf(shape) === 0) {
    throw new GanKitError('invalid-shape', `'${path}' has shape ${formatShape(shape)} and holds no samples.`, { path });
  }
  const told = classesOf(path, labels, shape[0]!);
  const what = kind === 'auto' ? chosenKind(array) : kind;
  const chosen = { kind: what };
  const note = `The array of ${array.type}, shape ${formatShape(shape)}, is read as ${what === 'images' ? 'images' : what === 'table' ? 'a table' : 'sequences'}; the option kind says otherwise.`;
  const notes = kind === 'auto' ? [note] : [];
  if (what === 'images') {
    const [, second = 0, , last = Number.POSITIVE_INFINITY] = shape;
    const first = shape.length === 4 && last > mostChannels && second <= mostChannels;
    return imageArray({ name, path, array: first ? channelsLast(array) : array, ...told, chosen, notes });
  }
  if (what === 'table') {
    const width = countOf(shape.slice(1));
    const columns = Array.from({ length: width }, (_, column) => ({
      name: `column ${column + 1}`,
      cells: Array.from({ length: shape[0]! }, (_, row) => array.data[row * width + column]!),
    }));
    const table = tableSet({ name, columns });
    if (told.labels === undefined) return { ...table, chosen, notes: [...notes, ...table.notes!] };
    const label = { name: 'label', cells: told.labels.map((each) => told.classNames[each]!) };
    const labelled = tableSet({ name, columns: [...columns, label], label: 'label' });
    return { ...labelled, chosen, notes: [...notes, ...labelled.notes!] };
  }
  const [minimum, maximum] = rangeOf(path, array);
  const scale = Math.max(Math.abs(minimum), Math.abs(maximum), Number.MIN_VALUE);
  const values = Float32Array.from(array.data as ArrayLike<number>, (value) => value / scale);
  return arraySet({ name, kind: 'sequence', shape: shape.slice(1), values, scale, ...told, chosen, notes });
}
