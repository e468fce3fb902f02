import { checkInteger, checkOptions, GanKitError } from '@gankit/core';
import { blankPicture, type Picture } from './picture.ts';

export interface PointCloud {
  /** x and y in turn, in [-1, 1]; y points up. Points that lie outside are left out. */
  readonly points: Float32Array;
  /** Red, green and blue, 0 to 255. */
  readonly color: readonly [number, number, number];
}

export interface ScatterPlotOptions {
  /** Width and height in pixels; 512 by default. */
  readonly size?: number | undefined;
}

/** How much one point covers what lies under it, 0 to 1: overlapping points grow darker. */
const opacity = 0.55;
/** Room around [-1, 1], so that points on its border are seen whole. */
const margin = 0.08;
/** Radius of a point as a share of the picture's size. */
const radius = 1 / 300;

/**
 * Draws points of the plane on white, later clouds over earlier ones.
 * @throws GanKitError `invalid-argument` for a size that is no picture's, `invalid-shape` for an odd number of coordinates.
 */
export function scatterPlot(clouds: readonly PointCloud[], options: ScatterPlotOptions = {}): Picture {
  checkOptions('scatterPlot', options, { size: 'optional' });
  const { size = 512 } = options;
  checkInteger('size', size);
  const picture = blankPicture(size, size, 3);
  const data = picture.data.fill(255);
  const reach = Math.max(1, size * radius);
  const toPixel = (value: number) => ((value / (1 + margin) + 1) / 2) * (size - 1);

  function cover(column: number, row: number, color: PointCloud['color'], share: number): void {
    if (column < 0 || row < 0 || column >= size || row >= size) return;
    const at = (row * size + column) * 3;
    color.forEach((value, channel) => {
      data[at + channel] = Math.round(data[at + channel]! * (1 - share) + value * share);
    });
  }

  for (const { points, color } of clouds) {
    if (points.length % 2 !== 0) {
      throw new GanKitError('invalid-shape', `Points of the plane are x and y in turn, not ${points.length} numbers.`, {
        value: points.length,
      });
    }
    for (let index = 0; index < points.length; index += 2) {
      const x = toPixel(points[index]!);
      const y = toPixel(-points[index + 1]!);
      // What lies outside, however far, and what is no number.
      if (!(Math.abs(x) <= size + reach && Math.abs(y) <= size + reach)) continue;
      for (let row = Math.floor(y - reach); row <= y + reach + 1; row++) {
        for (let column = Math.floor(x - reach); column <= x + reach + 1; column++) {
          const edge = reach + 0.5 - Math.hypot(column - x, row - y);
          if (edge > 0) cover(column, row, color, opacity * Math.min(1, edge));
        }
      }
    }
  }
  return picture;
}
