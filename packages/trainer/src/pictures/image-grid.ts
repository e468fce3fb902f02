import { checkInteger, checkOptions, formatShape, GanKitError } from '@gankit/core';
import type { Picture } from './picture.ts';

export interface ImageGridOptions {
  /** Images in a row; by default about as many as there are rows. */
  readonly columns?: number | undefined;
  /** Pixels between images; 2 by default, 0 for a single image. */
  readonly gap?: number | undefined;
}

/** -1 to 1 becomes 0 to 255; what lies outside is clipped. */
function toByte(value: number): number {
  return Math.max(0, Math.min(255, Math.round((value + 1) * 127.5)));
}

/**
 * Lays images out in rows, on black.
 *
 * @param values The images one after another, in [-1, 1], as `tensor.data()` gives them.
 * @param shape [count, height, width, channels] with 1 or 3 channels.
 * @throws GanKitError `invalid-shape` for another number of channels or values, `invalid-argument` for unknown options.
 */
export function imageGrid(values: Float32Array, shape: readonly number[], options: ImageGridOptions = {}): Picture {
  checkOptions('imageGrid', options, { columns: 'optional', gap: 'optional' });
  const [count = 0, height = 0, width = 0, channels = 0] = shape;
  if (shape.length !== 4 || (channels !== 1 && channels !== 3) || count * height * width * channels !== values.length) {
    throw new GanKitError(
      'invalid-shape',
      `A picture needs images [count, height, width, 1 or 3] with as many values, not ${values.length} values of shape ${formatShape(shape)}.`,
      { value: shape },
    );
  }
  const { columns = Math.ceil(Math.sqrt(count)), gap = count === 1 ? 0 : 2 } = options;
  checkInteger('columns', columns);
  checkInteger('gap', gap, 0);
  const rows = Math.ceil(count / columns);
  const pictureWidth = columns * width + (columns + 1) * gap;
  const pictureHeight = rows * height + (rows + 1) * gap;
  const data = new Uint8Array(pictureWidth * pictureHeight * channels);
  const rowLength = width * channels;
  for (let image = 0; image < count; image++) {
    const left = gap + (image % columns) * (width + gap);
    const top = gap + Math.floor(image / columns) * (height + gap);
    for (let row = 0; row < height; row++) {
      const from = (image * height + row) * rowLength;
      const to = ((top + row) * pictureWidth + left) * channels;
      for (let offset = 0; offset < rowLength; offset++) data[to + offset] = toByte(values[from + offset]!);
    }
  }
  return { width: pictureWidth, height: pictureHeight, channels, data };
}
