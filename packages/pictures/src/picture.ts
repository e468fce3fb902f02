import { checkInteger, GanKitError } from '@gankit/core';

/** An image of bytes: rows from the top, channels last. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** 1 is grey, 2 grey and alpha, 3 red, green, blue, 4 these and alpha; an alpha of 0 is transparent. */
  readonly channels: 1 | 2 | 3 | 4;
  /** width x height x channels values, 0 to 255. */
  readonly data: Uint8Array;
}

/** More bytes than these make no picture that anybody looks at: 16,384 x 16,384 grey pixels. */
const mostBytes = 2 ** 28;

/**
 * A picture of zeros: black, or transparent where there is alpha.
 * @throws GanKitError `invalid-argument` for sides that are not whole, or more than 268 million bytes in all.
 */
export function blankPicture(width: number, height: number, channels: Picture['channels']): Picture {
  checkInteger('width', width);
  checkInteger('height', height);
  if (width * height * channels > mostBytes) {
    throw new GanKitError(
      'invalid-argument',
      `A picture of ${width} x ${height} pixels is too large; make it of fewer or smaller images.`,
      { value: [width, height] },
    );
  }
  return { width, height, channels, data: new Uint8Array(width * height * channels) };
}
