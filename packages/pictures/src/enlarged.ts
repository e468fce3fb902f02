import { checkInteger } from '@gankit/core';
import { blankPicture, type Picture } from './picture.ts';

/**
 * A picture whose every pixel is a square of `factor` x `factor`: small images to be looked at closely.
 * @throws GanKitError `invalid-argument` for a factor that is not whole, or more pixels than a picture may have.
 */
export function enlarged(picture: Picture, factor: number): Picture {
  checkInteger('factor', factor);
  if (factor === 1) return picture;
  const { channels, width } = picture;
  const large = blankPicture(factor * width, factor * picture.height, channels);
  for (let row = 0; row < large.height; row++) {
    for (let column = 0; column < large.width; column++) {
      const from = (Math.floor(row / factor) * width + Math.floor(column / factor)) * channels;
      large.data.set(picture.data.subarray(from, from + channels), (row * large.width + column) * channels);
    }
  }
  return large;
}
