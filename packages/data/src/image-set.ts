// A set of images that is held in memory as bytes.
import { type BatchOptions, type DataSource, formatShape, GanKitError } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { batchStream } from './batch-stream.ts';
import { checkBatchSize, ShuffledOrder } from './shuffled-order.ts';

/** Images and what is known of them. */
export interface ImageSetOptions {
  /** The name for messages, for example `mnist`. */
  readonly name: string;
  /** Shape of one image: [height, width, channels]. */
  readonly shape: readonly [number, number, number];
  /** All images one after another, channels last, 0 to 255. */
  readonly pixels: Uint8Array;
  /** The class of each image, from 0. */
  readonly labels?: Uint8Array;
  readonly classNames?: readonly string[];
  /** Pads every image on all sides with `padValue` up to this height and width: 32 turns 28x28 into 32x32. */
  readonly padTo?: number;
  /** The byte that padding is made of; 0 (black) by default. */
  readonly padValue?: number;
}

function padImages(pixels: Uint8Array, [height, width, channels]: readonly number[], size: number, value: number) {
  const [h, w, c] = [height!, width!, channels!];
  const count = pixels.length / (h * w * c);
  const padded = new Uint8Array(count * size * size * c).fill(value);
  const [top, left] = [(size - h) >> 1, (size - w) >> 1];
  for (let image = 0; image < count; image++) {
    for (let row = 0; row < h; row++) {
      const from = (image * h + row) * w * c;
      padded.set(pixels.subarray(from, from + w * c), ((image * size + top + row) * size + left) * c);
    }
  }
  return padded;
}

/**
 * A data source of images in memory. Bytes 0 to 255 become -1 to 1.
 *
 * @throws GanKitError `invalid-data` when the number of bytes or labels does not fit, `invalid-argument` for a `padTo`
 * that is smaller than the images.
 */
export function imageSet(options: ImageSetOptions): DataSource {
  const { name, labels, classNames, padTo, padValue = 0 } = options;
  const [height, width, channels] = options.shape;
  const imageLength = height * width * channels;
  const size = options.pixels.length / imageLength;
  if (!Number.isInteger(size) || size < 1) {
    throw new GanKitError(
      'invalid-data',
      `'${name}' has ${options.pixels.length} bytes of pixels, which is not a whole number of images of shape ${formatShape(options.shape)}.`,
    );
  }
  if (labels !== undefined && labels.length !== size) {
    throw new GanKitError(
      'invalid-data',
      `'${name}' has ${size} images but ${labels.length} labels; use the two files of the same set.`,
    );
  }
  if (padTo !== undefined && (!Number.isInteger(padTo) || padTo < height || padTo < width)) {
    throw new GanKitError('invalid-argument', `padTo must be at least the images' ${height} x ${width}, not ${padTo}.`);
  }
  const pixels = padTo === undefined ? options.pixels : padImages(options.pixels, options.shape, padTo, padValue);
  const shape = [padTo ?? height, padTo ?? width, channels] as const;
  const length = shape[0] * shape[1] * shape[2];
  const toUnit = Float32Array.from({ length: 256 }, (_, byte) => byte / 127.5 - 1);

  return {
    name,
    shape,
    size,
    ...(classNames === undefined ? {} : { classNames }),
    batches(batchOptions: BatchOptions) {
      checkBatchSize(name, batchOptions, size);
      const { batchSize, random } = batchOptions;
      const order = new ShuffledOrder(size, batchSize, random);
      return batchStream(() => {
        const indices = order.next();
        const values = new Float32Array(batchSize * length);
        let at = 0;
        for (const index of indices) {
          const start = index * length;
          for (let offset = 0; offset < length; offset++) values[at++] = toUnit[pixels[start + offset]!]!;
        }
        const data = tf.tensor4d(values, [batchSize, ...shape]);
        if (labels === undefined) return { data };
        return {
          data,
          labels: tf.tensor1d(
            Int32Array.from(indices, (index) => labels[index]!),
            'int32',
          ),
        };
      }, order);
    },
  };
}
