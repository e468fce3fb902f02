import { checkNumber, checkOptions, formatShape, GanKitError } from '@gankit/core';
import { diverging } from './colours.ts';
import { type ImageGridOptions, imageGrid } from './image-grid.ts';
import type { Picture } from './picture.ts';

export interface HeatMapOptions extends ImageGridOptions {
  /** The value that has the full colour; by default the greatest absolute value of all. Give it to compare pictures. */
  readonly scale?: number | undefined;
}

/**
 * Draws numbers around 0, such as gradients, as colours: blue below, white at 0, red above, one picture of a grid. Channels are
 * summed.
 *
 * @param values One image after another, as `tensor.data()` gives them.
 * @param shape [count, height, width, channels].
 * @throws GanKitError `invalid-shape` when values and shape do not fit.
 */
export function heatMap(values: Float32Array, shape: readonly number[], options: HeatMapOptions = {}): Picture {
  checkOptions('heatMap', options, { scale: 'optional', columns: 'optional', gap: 'optional' });
  const { scale, ...grid } = options;
  const [count = 0, height = 0, width = 0, channels = 0] = shape;
  const pixels = count * height * width;
  if (shape.length !== 4 || pixels === 0 || pixels * channels !== values.length) {
    throw new GanKitError(
      'invalid-shape',
      `A heat map needs values [count, height, width, channels], not ${values.length} values of shape ${formatShape(shape)}.`,
      { value: shape },
    );
  }
  if (scale !== undefined) checkNumber('scale', scale, Number.MIN_VALUE);
  const sums = Array.from({ length: pixels }, (_, pixel) =>
    values.subarray(pixel * channels, (pixel + 1) * channels).reduce((sum, value) => sum + value, 0),
  );
  const full = scale ?? sums.reduce((greatest, sum) => Math.max(greatest, Math.abs(sum)), 0);
  const colors = new Float32Array(3 * pixels);
  sums.forEach((sum, pixel) => {
    diverging(full === 0 ? 0 : sum / full).forEach((shade, channel) => {
      // `imageGrid` takes -1 to 1.
      colors[3 * pixel + channel] = shade / 127.5 - 1;
    });
  });
  return imageGrid(colors, [count, height, width, 3], grid);
}
