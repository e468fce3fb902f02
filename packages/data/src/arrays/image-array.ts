// Images in arrays of any type as samples in [-1, 1].
import { type DataSource, formatShape, GanKitError } from '@gankit/core';
import { arraySet } from '../array-set.ts';
import { imageSet } from '../image-set.ts';
import { copyOf, countOf, type NumberArray, type NumberData, rangeOf } from './number-array.ts';

export interface ImageArrayOptions {
  readonly name: string;
  /** For messages. */
  readonly path: string;
  /** [count, height, width] or [count, height, width, channels]. */
  readonly array: NumberArray;
  readonly labels?: ArrayLike<number> | undefined;
  readonly classNames?: readonly string[] | undefined;
  /** Pads images of bytes with black to this height and width. */
  readonly padTo?: number | undefined;
  readonly chosen?: DataSource['chosen'];
  readonly notes?: readonly string[] | undefined;
}

interface Scaling {
  readonly minimum: number;
  readonly maximum: number;
  readonly note?: string | undefined;
}

/** From what to what the values go: the whole range of a type of whole numbers, the range that floats are usually written in, or their own. */
function scalingOf(path: string, array: NumberArray): Scaling {
  if (array.type === 'bool') return { minimum: 0, maximum: 1 };
  if (array.type === 'uint16') return { minimum: 0, maximum: 65_535 };
  const [minimum, maximum] = rangeOf(path, array);
  for (const [low, high] of [
    [0, 1],
    [-1, 1],
    [0, 255],
  ] as const) {
    if (minimum >= low && maximum <= high) return { minimum: low, maximum: high };
  }
  return {
    minimum,
    maximum,
    note: `Values from ${minimum} to ${maximum} become -1 to 1.`,
  };
}

function scaled(data: NumberData, { minimum, maximum }: Scaling): Float32Array {
  const half = (maximum - minimum) / 2;
  return Float32Array.from(data as ArrayLike<number>, (value) =>
    half === 0 ? 0 : Math.max(-1, Math.min(1, (value - minimum) / half - 1)),
  );
}

/** Rows and columns exchanged in each image: EMNIST's lie on their sides. */
export function transposed({ type, shape, data }: NumberArray): NumberArray {
  const [count = 0, height = 0, width = 0, channels = 1] = shape;
  const turned = copyOf(data);
  for (let image = 0; image < count; image++) {
    const start = image * height * width * channels;
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        const from = start + (row * width + column) * channels;
        const to = start + (column * height + row) * channels;
        for (let channel = 0; channel < channels; channel++) turned[to + channel] = data[from + channel]!;
      }
    }
  }
  return { type, shape: [count, width, height, ...shape.slice(3)], data: turned };
}

/** Channels last, for images that have them first. */
export function channelsLast({ type, shape, data }: NumberArray): NumberArray {
  const [count = 0, channels = 0, height = 0, width = 0] = shape;
  const moved = copyOf(data);
  const plane = height * width;
  for (let image = 0; image < count; image++) {
    const start = image * channels * plane;
    for (let channel = 0; channel < channels; channel++) {
      for (let at = 0; at < plane; at++) moved[start + at * channels + channel] = data[start + channel * plane + at]!;
    }
  }
  return { type, shape: [count, height, width, channels], data: moved };
}

/**
 * Images in memory. Bytes and 16-bit numbers go from their whole range to [-1, 1]; other numbers from [0, 1], [-1, 1] or [0, 255] when they lie
 * in there, and else from their own least and greatest.
 * @throws GanKitError `invalid-shape` for an array of another rank, `invalid-data` for a number that is not finite, or labels that do not fit.
 */
export function imageArray(options: ImageArrayOptions): DataSource {
  const { name, path, array, labels, classNames, padTo, chosen, notes = [] } = options;
  const [, height, width, channels = 1] = array.shape;
  if (![3, 4].includes(array.shape.length) || countOf(array.shape) === 0) {
    throw new GanKitError(
      'invalid-shape',
      `'${path}' has shape ${formatShape(array.shape)}, which is not [count, height, width] or [count, height, width, channels].`,
      { path, value: array.shape },
    );
  }
  const shape = [height!, width!, channels] as const;
  if (array.type === 'uint8') {
    const set = imageSet({ name, shape, pixels: array.data as Uint8Array, labels, classNames, padTo });
    return { ...set, chosen, notes };
  }
  if (padTo !== undefined) {
    throw new GanKitError(
      'incompatible',
      `'${path}' holds ${array.type}, and only images of bytes are padded; leave padTo out.`,
      {
        path,
      },
    );
  }
  const scaling = scalingOf(path, array);
  return arraySet({
    name,
    kind: 'images',
    shape,
    values: scaled(array.data, scaling),
    labels,
    classNames,
    chosen,
    notes: scaling.note === undefined ? notes : [...notes, scaling.note],
  });
}
