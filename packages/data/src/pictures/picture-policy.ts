// How pictures of any size and colour become samples of one shape.
import { checkChoice, checkInteger, checkOptions, GanKitError } from '@gankit/core';

export const pictureFits = ['cover', 'contain', 'stretch'] as const;
export const pictureChannels = ['auto', 'gray', 'rgb', 'rgba'] as const;
export const brokenPictures = ['skip', 'fail'] as const;
export const pictureHalves = ['left-to-right', 'right-to-left'] as const;

export interface PicturePolicy {
  /** Height and width of a sample; chosen from the pictures when absent. */
  readonly side?: number | undefined;
  /**
   * `cover` (the default) fills the square and cuts off what stands out in equal parts, `contain` shows the whole picture on the
   * background, `stretch` changes its proportions. Scaled by Lanczos' filter.
   */
  readonly fit?: (typeof pictureFits)[number] | undefined;
  /** `auto` (the default) is gray when every picture that was looked at is, and RGB otherwise; RGBA keeps transparency. */
  readonly channels?: (typeof pictureChannels)[number] | undefined;
  /** What transparent pictures are laid over, and what `contain` leaves free: `#rrggbb`; white by default. */
  readonly background?: string | undefined;
  /**
   * Each picture is a pair side by side, as pix2pix has them: `left-to-right` makes the right half the sample and the left one the image that is
   * told with it. One picture each when absent.
   */
  readonly halves?: (typeof pictureHalves)[number] | undefined;
  /** Every picture is given twice in an epoch, once mirrored from left to right (StyleGAN's x-flips); `false` when absent. */
  readonly mirror?: boolean | undefined;
  /** A broken picture is left out for its successor and told of (`skip`, the default), or ends the reading (`fail`). */
  readonly broken?: (typeof brokenPictures)[number] | undefined;
}

/** @throws GanKitError `invalid-argument` or `unknown-name` for a value that makes no sense. */
export function checkPicturePolicy(policy: PicturePolicy): void {
  checkOptions('the policy of pictures', policy, {
    side: 'optional',
    fit: 'optional',
    channels: 'optional',
    background: 'optional',
    halves: 'optional',
    mirror: 'optional',
    broken: 'optional',
  });
  const { side, fit = 'cover', channels = 'auto', background = '#ffffff', broken = 'skip' } = policy;
  if (policy.halves !== undefined) checkChoice('order of halves', policy.halves, pictureHalves);
  if (side !== undefined) checkInteger('side', side);
  checkChoice('fit', fit, pictureFits);
  checkChoice('number of channels', channels, pictureChannels);
  checkChoice('treatment of broken pictures', broken, brokenPictures);
  if (/^#[0-9a-f]{6}$/i.test(background)) return;
  throw new GanKitError('invalid-argument', `background must be a colour such as #ffffff, not '${background}'.`, {
    value: background,
  });
}
