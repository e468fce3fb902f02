import { blankPicture, type Picture } from '../picture.ts';

/** A picture in colour that is at most `width` pixels wide: each pixel the mean of those that it stands for, over black. */
export function shrunk(picture: Picture, width: number): Picture {
  const { channels, data } = picture;
  const factor = Math.max(1, picture.width / width);
  const small = blankPicture(
    Math.max(1, Math.floor(picture.width / factor)),
    Math.max(1, Math.floor(picture.height / factor)),
    3,
  );
  const grey = channels < 3;
  const hasAlpha = channels === 2 || channels === 4;
  for (let row = 0; row < small.height; row++) {
    const [top, bottom] = [
      Math.floor(row * factor),
      Math.max(Math.floor(row * factor) + 1, Math.floor((row + 1) * factor)),
    ];
    for (let column = 0; column < small.width; column++) {
      const left = Math.floor(column * factor);
      const right = Math.max(left + 1, Math.floor((column + 1) * factor));
      const sums = [0, 0, 0];
      for (let y = top; y < bottom; y++) {
        for (let x = left; x < right; x++) {
          const at = (y * picture.width + x) * channels;
          const alpha = hasAlpha ? data[at + channels - 1]! / 255 : 1;
          for (let channel = 0; channel < 3; channel++) sums[channel]! += data[at + (grey ? 0 : channel)]! * alpha;
        }
      }
      const pixels = (bottom - top) * (right - left);
      small.data.set(
        sums.map((sum) => Math.round(sum / pixels)),
        (row * small.width + column) * 3,
      );
    }
  }
  return small;
}
