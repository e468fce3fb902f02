// Encoded pictures through sharp, an optional package that decodes on threads of its own.
import { GanKitError } from '@gankit/core';
import type { PicturePolicy } from '../pictures/picture-policy.ts';

export type Sharp = typeof import('sharp').default;

/** The most pixels that a picture may have: what says more is a bomb. */
const mostPixels = 100_000_000;

export async function importSharp(): Promise<Sharp> {
  try {
    return (await import('sharp')).default;
  } catch (cause) {
    throw new GanKitError('file', "Pictures are decoded by sharp, which does not load; run 'npm install sharp'.", {
      cause,
    });
  }
}

const reading = { limitInputPixels: mostPixels, failOn: 'error' } as const;

/** What is known of a picture from its first bytes; height and width are those of the picture held upright. */
export async function measurePicture(sharp: Sharp, bytes: Uint8Array) {
  const { autoOrient, space } = await sharp(bytes, reading).metadata();
  return { ...autoOrient, gray: space === 'b-w' || space === 'grey16' };
}

export interface DecodingPlan {
  /** Height and width of the result. */
  readonly side: number;
  readonly fit: NonNullable<PicturePolicy['fit']>;
  /** `#rrggbb` */
  readonly background: string;
  /** Channels of the result: gray, RGB, or RGB and alpha. */
  readonly channels: 1 | 3 | 4;
}

/** A part of a picture held upright, in its own pixels. */
export interface Region {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * One picture as bytes [side, side, channels]: upright (EXIF), in sRGB or gray, 8 bit, whatever it was.
 * @param region Only this part of it.
 * @throws Whatever sharp says of a broken file.
 */
export async function decodePicture(
  sharp: Sharp,
  bytes: Uint8Array,
  plan: DecodingPlan,
  region?: Region,
): Promise<Uint8Array> {
  const { side, fit, background, channels } = plan;
  const free = channels === 4 ? { r: 0, g: 0, b: 0, alpha: 0 } : background;
  const whole = sharp(bytes, reading).autoOrient();
  const upright = region === undefined ? whole : whole.extract(region);
  // Laid over the background first: what is scaled after that has no alpha to weigh by.
  const opaque = channels === 4 ? upright.ensureAlpha() : upright.flatten({ background });
  const { data, info } = await opaque
    .resize(side, side, { fit: fit === 'stretch' ? 'fill' : fit, kernel: 'lanczos3', background: free })
    .toColourspace(channels === 1 ? 'b-w' : 'srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  if (info.channels !== channels) throw new Error(`${info.channels} channels instead of ${channels}`);
  return data;
}

/** The left and the right half of a picture, each as {@link decodePicture} makes it. A middle column that is left over belongs to neither. */
export async function decodeHalves(
  sharp: Sharp,
  bytes: Uint8Array,
  plan: DecodingPlan,
): Promise<readonly [left: Uint8Array, right: Uint8Array]> {
  const { width, height } = await measurePicture(sharp, bytes);
  const half = Math.floor(width / 2);
  if (half === 0) throw new Error('it is too narrow to be cut in half');
  return Promise.all([
    decodePicture(sharp, bytes, plan, { left: 0, top: 0, width: half, height }),
    decodePicture(sharp, bytes, plan, { left: width - half, top: 0, width: half, height }),
  ]);
}
