import { checkInteger } from '@gankit/core';
import { blankPicture, type Picture } from './picture.ts';

/**
 * The first columns and rows of a grid of images as `imageGrid` draws it: less to look at, each image as sharp as before. The same picture
 * when it has no more than these.
 * @param cell [height, width] of an image. @param gap Pixels between images.
 */
export function firstCells(
  picture: Picture,
  cell: readonly [height: number, width: number],
  columns: number,
  rows: number,
  gap = 2,
): Picture {
  checkInteger('columns', columns);
  checkInteger('rows', rows);
  const width = Math.min(picture.width, gap + columns * (cell[1] + gap));
  const height = Math.min(picture.height, gap + rows * (cell[0] + gap));
  if (width === picture.width && height === picture.height) return picture;
  const { channels } = picture;
  const cut = blankPicture(width, height, channels);
  for (let row = 0; row < height; row++) {
    const from = row * picture.width * channels;
    cut.data.set(picture.data.subarray(from, from + width * channels), row * width * channels);
  }
  return cut;
}
