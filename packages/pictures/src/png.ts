// Pictures as PNG files; apart, because a page draws on a canvas and needs no encoder.
import { encode } from 'fast-png';
import type { Picture } from './picture.ts';

/** The bytes of a PNG file. */
export function encodePng({ width, height, channels, data }: Picture): Uint8Array {
  return encode({ width, height, channels, data, depth: 8 });
}

/** A picture as trackers take it. */
export interface PngPicture {
  readonly width: number;
  readonly height: number;
  readonly channels: Picture['channels'];
  /** The bytes of a PNG file. */
  readonly png: Uint8Array;
}

/** A picture as trackers take it: `tensorBoard({ images: { samples: async () => pngPicture(await draw()) } })`. */
export function pngPicture(picture: Picture): PngPicture {
  const { width, height, channels } = picture;
  return { width, height, channels, png: encodePng(picture) };
}
