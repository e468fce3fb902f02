import { checkInteger, GanKitError } from '@gankit/core';
import { blankPicture, type Picture } from './picture.ts';

/** A grey or coloured pixel as red, green and blue; over black where it is transparent. */
function colourAt({ channels, data }: Picture, pixel: number): readonly [number, number, number] {
  const at = pixel * channels;
  const grey = channels < 3;
  const alpha = channels === 2 || channels === 4 ? data[at + channels - 1]! / 255 : 1;
  const [red, green, blue] = grey ? [data[at]!, data[at]!, data[at]!] : [data[at]!, data[at + 1]!, data[at + 2]!];
  return [red * alpha, green * alpha, blue * alpha];
}

/**
 * Pictures one below the other on black, from the left, as one picture in colour: rows of a comparison.
 * @param gap Pixels between two of them.
 * @throws GanKitError `invalid-argument` for no pictures, or for more pixels than a picture may have.
 */
export function stackPictures(pictures: readonly Picture[], gap = 2): Picture {
  checkInteger('gap', gap, 0);
  if (pictures.length === 0) throw new GanKitError('invalid-argument', 'There is no picture to put below another.');
  const width = Math.max(...pictures.map((picture) => picture.width));
  const height = pictures.reduce((sum, picture) => sum + picture.height, gap * (pictures.length - 1));
  const stacked = blankPicture(width, height, 3);
  let top = 0;
  for (const picture of pictures) {
    for (let row = 0; row < picture.height; row++) {
      for (let column = 0; column < picture.width; column++) {
        stacked.data.set(colourAt(picture, row * picture.width + column), ((top + row) * width + column) * 3);
      }
    }
    top += picture.height + gap;
  }
  return stacked;
}
