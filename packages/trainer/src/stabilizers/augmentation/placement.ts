// Flips, quarter turns, shifts and scalings of images, all in one resampling: rows and columns are matrix products.
import { formatShape, GanKitError } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';

/** Where an image goes: flipped, then turned, then shifted, then scaled about its centre. */
export interface Placement {
  /** Left to right. */
  readonly flipped?: boolean | undefined;
  /** Counter-clockwise by 90 degrees each: 0 to 3. */
  readonly quarterTurns?: number | undefined;
  /** Pixels downwards, whole. */
  readonly down?: number | undefined;
  /** Pixels to the right, whole. */
  readonly right?: number | undefined;
  /** Above 0; 2 is twice as large. */
  readonly scale?: number | undefined;
}

/** What lies outside the image: `zero`, or the image mirrored at its outermost pixels. */
export type Border = 'zero' | 'mirror';

/** The index of the pixel that a mirrored image shows at `index`. */
function mirrored(index: number, size: number): number {
  if (size === 1) return 0;
  const period = 2 * (size - 1);
  const within = ((index % period) + period) % period;
  return within < size ? within : period - within;
}

/** Writes the weights of linear interpolation at `position` into one row of a matrix. */
function interpolate(row: Float32Array, position: number, border: Border): void {
  const size = row.length;
  const below = Math.floor(position);
  for (const [index, weight] of [
    [below, below + 1 - position],
    [below + 1, position - below],
  ] as const) {
    if (weight === 0 || (border === 'zero' && (index < 0 || index >= size))) continue;
    row[mirrored(index, size)]! += weight;
  }
}

/** Where the pixel `output` of an axis comes from: scaling, shift and reversal undone, in this order. */
function sourceOf(output: number, size: number, scale: number, shift: number, reversed: boolean): number {
  const centre = (size - 1) / 2;
  const position = (output - centre) / scale + centre - shift;
  return reversed ? size - 1 - position : position;
}

/**
 * Puts each image where its placement says, by linear interpolation: float32 [batch, height, width, channels], differentiable
 * (also twice) with respect to the images. The caller owns the result.
 *
 * @param placements One for each image.
 * @throws GanKitError `invalid-shape` for a quarter turn of images that are not square.
 */
export function place(images: tf.Tensor4D, placements: readonly Placement[], border: Border): tf.Tensor4D {
  const [batch, height, width, channels] = images.shape;
  const rows = new Float32Array(batch * height * height);
  const columns = new Float32Array(batch * width * width);
  const turned = new Float32Array(batch);
  placements.forEach(({ flipped = false, quarterTurns = 0, down = 0, right = 0, scale = 1 }, image) => {
    const sideways = quarterTurns % 2 === 1;
    if (sideways && height !== width) {
      throw new GanKitError(
        'invalid-shape',
        `Only square images can be turned by 90 degrees, not images of ${formatShape([height, width])}; turn by 180.`,
        { value: quarterTurns },
      );
    }
    turned[image] = sideways ? 1 : 0;
    // A turn is a transposition for odd numbers and a reversal of rows (1, 2) and columns (2, 3). The flip comes before it, and
    // the columns that it reverses have become rows when the image was transposed.
    const reverseRows = (quarterTurns === 1 || quarterTurns === 2) !== (flipped && sideways);
    const reverseColumns = (quarterTurns === 2 || quarterTurns === 3) !== (flipped && !sideways);
    for (let row = 0; row < height; row++) {
      const start = (image * height + row) * height;
      const source = sourceOf(row, height, scale, down, reverseRows);
      interpolate(rows.subarray(start, start + height), source, border);
    }
    for (let column = 0; column < width; column++) {
      const start = (image * width + column) * width;
      const source = sourceOf(column, width, scale, right, reverseColumns);
      interpolate(columns.subarray(start, start + width), source, border);
    }
  });
  return tf.tidy(() => {
    let placed = images;
    if (turned.includes(1)) {
      const sideways = tf.tensor4d(turned, [batch, 1, 1, 1]);
      const transposed = tf.transpose(images, [0, 2, 1, 3]);
      placed = tf.add(tf.mul(images, tf.sub(1, sideways)), tf.mul(transposed, sideways));
    }
    const byRows = tf.matMul(
      tf.tensor3d(rows, [batch, height, height]),
      tf.reshape(placed, [batch, height, width * channels]),
    );
    const columnsFirst = tf.transpose(tf.reshape(byRows, [batch, height, width, channels]), [0, 2, 1, 3]);
    const byColumns = tf.matMul(
      tf.tensor3d(columns, [batch, width, width]),
      tf.reshape(columnsFirst, [batch, width, height * channels]),
    );
    return tf.transpose(tf.reshape(byColumns, [batch, width, height, channels]), [0, 2, 1, 3]);
  });
}
