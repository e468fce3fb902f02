import { checkInteger, checkOptions, formatShape, GanKitError } from '@gankit/core';
import { blankPicture, type Picture } from './picture.ts';

export interface ImageGridOptions {
  /** Images in a row; by default about as many as there are rows. */
  readonly columns?: number | undefined;
  /** Pixels between images; 2 by default, 0 for a single image. */
  readonly gap?: number | undefined;
}

/** Whether a picture can have so many channels. */
export function isChannels(channels: number): channels is Picture['channels'] {
  return channels === 1 || channels === 2 || channels === 3 || channels === 4;
}

/** -1 to 1 becomes 0 to 255; what lies outside is clipped. */
function toByte(value: number): number {
  return Math.max(0, Math.min(255, Math.round((value + 1) * 127.5)));
}

/**
 * Lays images out in rows, on black, or on nothing where they have an alpha channel.
 *
 * @param values The images one after another, in [-1, 1], as `tensor.data()` gives them.
 * @param shape [count, height, width, channels] with 1 to 4 channels: grey, grey and alpha, colour, colour and alpha.
 * @throws GanKitError `invalid-shape` for another number of channels or values, `invalid-argument` for unknown options.
 */
export function imageGrid(values: Float32Array, shape: readonly number[], options: ImageGridOptions = {}): Picture {
  checkOptions('imageGrid', options, { columns: 'optional', gap: 'optional' });
  const [count = 0, height = 0, width = 0, channels = 0] = shape;
  const size = count * height * width * channels;
  if (shape.length !== 4 || !isChannels(channels) || size === 0 || size !== values.length) {
    throw new GanKitError(
      'invalid-shape',
      `A picture needs images [count, height, width, 1 to 4] with as many values, not ${values.length} values of shape ${formatShape(shape)}.`,
      { value: shape },
    );
  }
  const { columns = Math.ceil(Math.sqrt(count)), gap = count === 1 ? 0 : 2 } = options;
  checkInteger('columns', columns);
  checkInteger('gap', gap, 0);
  const rows = Math.ceil(count / columns);
  const picture = blankPicture(columns * width + (columns + 1) * gap, rows * height + (rows + 1) * gap, channels);
  const rowLength = width * channels;
  for (let image = 0; image < count; image++) {
    const left = gap + (image % columns) * (width + gap);
    const top = gap + Math.floor(image / columns) * (height + gap);
    for (let row = 0; row < height; row++) {
      const from = (image * height + row) * rowLength;
      const to = ((top + row) * picture.width + left) * channels;
      for (let offset = 0; offset < rowLength; offset++) picture.data[to + offset] = toByte(values[from + offset]!);
    }
  }
  return picture;
}
