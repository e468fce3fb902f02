// A set of images that is held in memory as bytes.
import { checkInteger, checkOptions, type DataSource, GanKitError } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { indexedSource } from './indexed-source.ts';
import { type Bytes, countImages, type ImageShape, padImages, unitRows } from './pixels.ts';
import { conditionReader, type PairedImages, type SampleConditions } from './sample-conditions.ts';

/** Images and what is known of them. Nothing is copied unless it is padded: leave the arrays as they are afterwards. */
export interface ImageSetOptions extends SampleConditions {
  /** The name for messages, for example `mnist`. */
  readonly name: string;
  /** Shape of one image: [height, width, channels]. */
  readonly shape: ImageShape;
  /** All images one after another, channels last, 0 to 255. */
  readonly pixels: Bytes;
  /**
   * Pads every image on all sides with `padValue` up to this height and width: 32 turns 28x28 into 32x32. Images that come in pairs
   * are padded together.
   */
  readonly padTo?: number | undefined;
  /** The byte that padding is made of; 0 (black) by default. */
  readonly padValue?: number | undefined;
}

function checkPadding({ name, shape, images, padTo, padValue = 0 }: ImageSetOptions): void {
  checkInteger('padValue', padValue, 0);
  if (padValue > 255) {
    throw new GanKitError('invalid-argument', `padValue must be a byte from 0 to 255, not ${padValue}.`, {
      value: padValue,
    });
  }
  if (padTo === undefined) return;
  const [height, width] = shape;
  if (!Number.isInteger(padTo) || padTo < height || padTo < width) {
    throw new GanKitError(
      'invalid-argument',
      `padTo must be at least the images' ${height} x ${width}, not ${padTo}.`,
      {
        value: padTo,
      },
    );
  }
  if (images === undefined || (images.shape[0] === height && images.shape[1] === width)) return;
  throw new GanKitError(
    'incompatible',
    `The images beside those of '${name}' are ${images.shape[0]} x ${images.shape[1]}, not ${height} x ${width}, so padTo would move one against the other; pad both before.`,
  );
}

/**
 * A data source of images in memory. Bytes 0 to 255 become -1 to 1.
 *
 * @throws GanKitError `invalid-data` when pixels are no bytes, a number of bytes, labels, vectors or images does not fit, or a label is
 *   not one of the classes; `invalid-argument` for a `padTo` that is smaller than the images.
 */
export function imageSet(options: ImageSetOptions): DataSource {
  checkOptions('imageSet', options, {
    name: 'required',
    shape: 'required',
    pixels: 'required',
    labels: 'optional',
    classNames: 'optional',
    vectors: 'optional',
    images: 'optional',
    padTo: 'optional',
    padValue: 'optional',
  });
  const { name, classNames, padTo, padValue = 0 } = options;
  const size = countImages(name, 'pixels', options.pixels, options.shape);
  checkPadding(options);
  const padded = <T extends PairedImages>(what: string, set: T): T => {
    if (padTo === undefined) return set;
    countImages(name, what, set.pixels, set.shape);
    return { ...set, pixels: padImages(set.pixels, set.shape, padTo, padValue), shape: [padTo, padTo, set.shape[2]] };
  };
  const { pixels, shape } = padded('pixels', options);
  const images = options.images && padded('images', options.images);
  const told = conditionReader(name, size, { ...options, images });
  const length = shape[0] * shape[1] * shape[2];
  return indexedSource({
    name,
    kind: 'images',
    shape,
    size,
    classNames,
    vectorLength: options.vectors && options.vectors.length / size,
    pairedShape: images?.shape,
    read: (indices) => ({
      data: tf.tensor4d(unitRows(pixels, length, indices), [indices.length, ...shape]),
      ...told(indices),
    }),
  });
}
