// Channels by resolution, as ProGAN, StyleGAN and R3GAN have them.
import { halvings, type ImageShape } from './sample-shape.ts';

/** Up to this side the channels stay; above, they halve with each doubling. */
const constantSide = 32;

/** The channels of every stage, from the smallest map on: `width` up to 32 pixels, half as many for each doubling above. */
export function stageChannels(imageShape: ImageShape, width: number): readonly number[] {
  const count = halvings(imageShape);
  const side = Math.max(imageShape[0], imageShape[1]);
  return Array.from({ length: count + 1 }, (_, index) => {
    const doublings = Math.max(0, Math.ceil(Math.log2(side / 2 ** (count - index) / constantSide)));
    return Math.max(1, Math.floor(width / 2 ** doublings));
  });
}
