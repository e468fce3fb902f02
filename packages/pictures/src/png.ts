// Pictures as PNG files; apart, because a page draws on a canvas and needs no encoder.
import { GanKitError } from '@gankit/core';
import { decode, encode } from 'fast-png';
import { isChannels } from './image-grid.ts';
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

/**
 * The picture in a PNG file of eight bits, without a palette, as {@link encodePng} writes them.
 * @param path What to call the file in an error.
 * @throws GanKitError `invalid-data` for anything else.
 */
export function decodePng(png: Uint8Array, path: string): Picture {
  try {
    const { width, height, channels, data, depth, palette } = decode(png);
    if (depth === 8 && palette === undefined && isChannels(channels)) {
      return { width, height, channels, data: new Uint8Array(data.buffer, data.byteOffset, data.length) };
    }
  } catch (cause) {
    const reason = (cause as Error).message;
    throw new GanKitError('invalid-data', `'${path}' is not a PNG picture that can be read (${reason}).`, {
      path,
      cause,
    });
  }
  throw new GanKitError('invalid-data', `'${path}' is a PNG picture of more than 8 bits, or with a palette.`, { path });
}
