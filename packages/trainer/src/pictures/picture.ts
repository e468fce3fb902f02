import { encode } from 'fast-png';

/** An image of bytes: rows from the top, channels last. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** 1 is grey, 3 is red, green, blue. */
  readonly channels: 1 | 3;
  /** width x height x channels values, 0 to 255. */
  readonly data: Uint8Array;
}

/** The bytes of a PNG file. */
export function encodePng({ width, height, channels, data }: Picture): Uint8Array {
  return encode({ width, height, channels, data, depth: 8 });
}
