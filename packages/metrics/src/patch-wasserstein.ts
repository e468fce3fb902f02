// The sliced Wasserstein distance of patches at each scale of a picture: where a generator's structure differs, coarse or fine.
import { checkInteger, checkOptions, GanKitError, RandomStream } from '@gankit/core';
import type { Features } from './features.ts';
import { channelOf, countImages, type Images } from './images.ts';
import { laplacianPyramid, type Plane } from './laplacian-pyramid.ts';
import { slicedWasserstein } from './sliced-wasserstein.ts';

export interface PatchWassersteinOptions {
  /** Side of a patch; 7 when absent. */
  readonly patch?: number | undefined;
  /** Patches of each image at each scale; 128 when absent. */
  readonly patchesPerImage?: number | undefined;
  /** Directions; 512 when absent. */
  readonly directions?: number | undefined;
  /** Scales; when absent as many as leave room for two patches side by side. */
  readonly levels?: number | undefined;
  /** Where patches and directions are drawn from; a stream of its own, the same each time, when absent. */
  readonly random?: RandomStream | undefined;
}

export interface PatchWasserstein {
  /** The distance at each scale from the finest, times 1,000 as is usual. */
  readonly levels: readonly { readonly height: number; readonly width: number; readonly distance: number }[];
  /** Their mean. */
  readonly mean: number;
}

/** Scales of pictures of this size. */
function suitableLevels(height: number, width: number, patch: number): number {
  let [levels, side] = [1, Math.min(height, width)];
  let [h, w] = [height, width];
  while (h % 2 === 0 && w % 2 === 0 && side / 2 >= 2 * patch) {
    [h, w, side] = [h / 2, w / 2, side / 2];
    levels++;
  }
  return levels;
}

/** The pyramids of an image: a list of channels for each scale. */
function pyramidsOf(images: Images, index: number, levels: number): readonly (readonly Plane[])[] {
  const [height, width, channels] = images.shape as [number, number, number];
  const byChannel = Array.from({ length: channels }, (_, channel) =>
    laplacianPyramid({ values: channelOf(images, index, channel), height, width }, levels),
  );
  return Array.from({ length: levels }, (_, level) => byChannel.map((pyramid) => pyramid[level]!));
}

/** Patches of every image at every scale, each channel then brought to mean 0 and standard deviation 1 over all of its patches. */
function patchesOf(
  images: Images,
  count: number,
  levels: number,
  { patch, perImage, random }: { readonly patch: number; readonly perImage: number; readonly random: RandomStream },
): readonly Features[] {
  const channels = images.shape[2]!;
  const dimensions = channels * patch * patch;
  const patches = Array.from({ length: levels }, () => new Float64Array(count * perImage * dimensions));
  for (let index = 0; index < count; index++) {
    pyramidsOf(images, index, levels).forEach((planes, level) => {
      const { height, width } = planes[0]!;
      for (let each = 0; each < perImage; each++) {
        const [top, left] = [random.integer(height - patch + 1), random.integer(width - patch + 1)];
        let at = (index * perImage + each) * dimensions;
        for (const { values } of planes) {
          for (let y = 0; y < patch; y++) {
            for (let x = 0; x < patch; x++) patches[level]![at++] = values[(top + y) * width + left + x]!;
          }
        }
      }
    });
  }
  for (const values of patches)
    for (let channel = 0; channel < channels; channel++) standardize(values, channel, channels, patch * patch);
  return patches.map((values) => ({ values, dimensions }));
}

function standardize(values: Float64Array, channel: number, channels: number, area: number): void {
  const each = (visit: (at: number) => void) => {
    for (let from = channel * area; from < values.length; from += channels * area) {
      for (let at = from; at < from + area; at++) visit(at);
    }
  };
  const count = values.length / channels;
  let mean = 0;
  each((at) => {
    mean += values[at]! / count;
  });
  let variance = 0;
  each((at) => {
    variance += (values[at]! - mean) ** 2 / count;
  });
  // A channel without any contrast has nothing to be scaled by.
  const scale = variance > 0 ? 1 / Math.sqrt(variance) : 1;
  each((at) => {
    values[at] = (values[at]! - mean) * scale;
  });
}

/**
 * SWD of Karras et al. 2018, section 5: sliced Wasserstein distances between patches of Laplacian pyramids. Coarse scales tell of
 * large structures, fine ones of sharpness and noise.
 * @throws GanKitError `incompatible` for images of different shapes, `invalid-argument` for a patch or levels that do not fit the images.
 */
export function patchWasserstein(
  reference: Images,
  generated: Images,
  options: PatchWassersteinOptions = {},
): PatchWasserstein {
  checkOptions('patchWasserstein', options, {
    patch: 'optional',
    patchesPerImage: 'optional',
    directions: 'optional',
    levels: 'optional',
    random: 'optional',
  });
  const {
    patch = 7,
    patchesPerImage = 128,
    directions = 512,
    random = new RandomStream('patch-wasserstein'),
  } = options;
  const real = countImages('the reference images', reference);
  const made = countImages('the generated images', generated);
  if (reference.shape.join() !== generated.shape.join()) {
    throw new GanKitError(
      'incompatible',
      `The reference images are [${reference.shape.join(', ')}] and the generated ones [${generated.shape.join(', ')}]; bring both to one shape.`,
    );
  }
  const [height, width] = reference.shape as [number, number];
  checkInteger('patch', patch);
  checkInteger('patchesPerImage', patchesPerImage);
  const { levels = suitableLevels(height, width, patch) } = options;
  checkInteger('levels', levels);
  const factor = 2 ** (levels - 1);
  if (height % factor !== 0 || width % factor !== 0 || Math.min(height, width) / factor < patch) {
    throw new GanKitError(
      'invalid-argument',
      `Images of ${height} x ${width} cannot be halved ${levels - 1} times with room for a patch of ${patch}; take fewer levels or a smaller patch.`,
      { value: levels },
    );
  }
  const how = (name: string) => ({ patch, perImage: patchesPerImage, random: random.fork(name) });
  const patches = patchesOf(reference, real, levels, how('reference'));
  const others = patchesOf(generated, made, levels, how('generated'));
  const found = patches.map((some, level) => ({
    height: height / 2 ** level,
    width: width / 2 ** level,
    distance:
      1000 * slicedWasserstein(some, others[level]!, { directions, random: random.fork(`directions ${level}`) }),
  }));
  return { levels: found, mean: found.reduce((sum, { distance }) => sum + distance, 0) / levels };
}
