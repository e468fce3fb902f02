// Players that are given an image beside each sample, as in pix2pix (Isola 2017).
import {
  type Condition,
  checkBatch,
  checkInteger,
  checkOptions,
  type Discriminator,
  formatShape,
  GanKitError,
  type Generator,
  tidyOutput,
  wrapDiscriminator,
  wrapGenerator,
} from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { shapeWithout } from './append-channels.ts';

/** What the images that a player is given are like. */
export interface ImageConditionedOptions {
  /** Channels of the images; height and width are the player's own. */
  readonly channels: number;
}

/** @throws GanKitError `incompatible` when nothing is there, `invalid-shape` when it has another shape. */
function checkedImages(who: string, condition: Condition | undefined, batch: number, shape: readonly number[]) {
  const images = condition?.images;
  if (images === undefined) {
    throw new GanKitError(
      'incompatible',
      `${who} needs an image for each sample and was told none; give the trainer a conditioning such as imageCondition(), or pass condition.images.`,
    );
  }
  if (images.dtype === 'float32' && images.shape.join() === [batch, ...shape].join()) return images;
  throw new GanKitError(
    'invalid-shape',
    `${who} needs images that are float32 of shape ${formatShape([batch, ...shape])}, not ${images.dtype} of shape ${formatShape(images.shape)}.`,
    { value: images.shape },
  );
}

function checkMap(what: string, shape: readonly number[]): void {
  if (shape.length === 3) return;
  throw new GanKitError(
    'incompatible',
    `${what} has shape ${formatShape(shape)}; an image beside it needs [height, width, channels].`,
    { value: shape },
  );
}

/**
 * A discriminator that judges pairs of an image and a sample, of any that judges images: the channels of `condition.images` follow
 * those of the sample. The inner discriminator is made for all of them: `inputShape: [64, 64, 3 + 1]` for colours given grey images.
 * With a PatchGAN inside, this is the discriminator of pix2pix. Wrap heads inside of it. Owns the inner discriminator.
 *
 * @throws GanKitError `incompatible` when the inner discriminator has not more channels than the images. `discriminate` throws
 *   `incompatible` when it is given no images, `invalid-shape` when they have another shape.
 */
export function imageConditionedDiscriminator(
  inner: Discriminator,
  options: ImageConditionedOptions,
): Discriminator & Disposable {
  checkOptions('imageConditionedDiscriminator', options, { channels: 'required' });
  const { channels } = options;
  const name = `image-conditioned ${inner.name}`;
  checkInteger('channels', channels);
  checkMap(`The input of ${inner.name}`, inner.inputShape);
  const inputShape = shapeWithout(`The input of ${inner.name}`, inner.inputShape, channels);
  const imageShape = [...inputShape.slice(0, 2), channels];
  return wrapDiscriminator(inner, {
    name,
    inputShape,
    needs: ['images'],
    discriminate(samples, forward) {
      checkBatch(`The input of ${name}`, samples, inputShape);
      const images = checkedImages(name, forward.condition, samples.shape[0]!, imageShape);
      return tidyOutput(() => inner.discriminate(tf.concat([samples, images], 3), forward));
    },
  });
}

/**
 * A generator that turns images into images, of any whose latent is a map: `condition.images` take the place of the latent's last
 * channels. An inner generator with `latentShape: [64, 64, 1 + 2]`, given grey images, has two channels of noise left, and the
 * wrapper's `latentShape` is `[64, 64, 2]`. One whose latent is the image alone, `[64, 64, 1]`, has no room for noise, as pix2pix has
 * none: the wrapper's latent is then one number that nothing reads. Owns the inner generator.
 *
 * @throws GanKitError `incompatible` when the latent has fewer channels than the images. `generate` throws `incompatible` when it is
 *   given no images, `invalid-shape` when they have another shape.
 */
export function imageConditionedGenerator(inner: Generator, options: ImageConditionedOptions): Generator & Disposable {
  checkOptions('imageConditionedGenerator', options, { channels: 'required' });
  const { channels } = options;
  const name = `image-conditioned ${inner.name}`;
  checkInteger('channels', channels);
  checkMap(`The latent of ${inner.name}`, inner.latentShape);
  const imageShape = [...inner.latentShape.slice(0, 2), channels];
  const noise = inner.latentShape[2] !== channels;
  const latentShape = noise ? shapeWithout(`The latent of ${inner.name}`, inner.latentShape, channels) : [1];
  return wrapGenerator(inner, {
    name,
    latentShape,
    needs: ['images'],
    generate(latent, forward) {
      checkBatch(`The latent of ${name}`, latent, latentShape);
      const images = checkedImages(name, forward.condition, latent.shape[0]!, imageShape);
      return tf.tidy(() => inner.generate(noise ? tf.concat([latent, images], 3) : images, forward));
    },
  });
}
