// What is known of each sample of a set in memory, given out with the samples in the same order.
import { type Condition, checkOptions, formatShape, GanKitError } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { checkedLabels } from './labels.ts';
import { checkArray, checkedNumbers, numberRows } from './numbers.ts';
import { type Bytes, countImages, type ImageShape, unitRows } from './pixels.ts';

/** An image for each sample: the other half of a pair (pix2pix). */
export interface PairedImages {
  /** Shape of one: [height, width, channels]; it may differ from that of the samples. */
  readonly shape: ImageShape;
  /** All of them one after another in the order of the samples, channels last, 0 to 255. */
  readonly pixels: Bytes;
}

/** What may be known of each sample. All arrays are in the order of the samples. */
export interface SampleConditions {
  /** The class of each sample: whole numbers from 0 to the number of classes - 1, in an array or a typed array. */
  readonly labels?: ArrayLike<number> | undefined;
  /** One for each class, so that their number is that of the classes; without names any whole number of at least 0 is a label. */
  readonly classNames?: readonly string[] | undefined;
  /** A description of each sample, one after another, all of one length: attributes, an embedding. Finite numbers. */
  readonly vectors?: ArrayLike<number> | undefined;
  readonly images?: PairedImages | undefined;
}

/** Tensors for the samples with these indices; the caller owns them. */
type ConditionReader = (indices: Uint32Array) => Condition;

function labelReader(name: string, size: number, { labels, classNames }: SampleConditions): ConditionReader {
  if (labels === undefined) {
    if (classNames === undefined) return () => ({});
    throw new GanKitError('invalid-data', `'${name}' has class names but no labels; give both or neither.`);
  }
  const checked = checkedLabels(name, labels, size, classNames?.length);
  return (indices) => ({
    labels: tf.tensor1d(
      Int32Array.from(indices, (index) => checked[index]!),
      'int32',
    ),
  });
}

function vectorReader(name: string, size: number, vectors: ArrayLike<number>): ConditionReader {
  checkArray(name, 'vectors', vectors);
  const length = vectors.length / size;
  if (!Number.isInteger(length) || length < 1) {
    throw new GanKitError(
      'invalid-data',
      `'${name}' has ${size} samples but ${vectors.length} numbers in its vectors, which is not the same number for each sample.`,
      { value: vectors.length },
    );
  }
  const numbers = checkedNumbers(name, 'vectors', vectors, length, (value) =>
    Number.isFinite(value) ? undefined : 'replace or leave out what is not finite',
  );
  return (indices) => ({ vectors: tf.tensor2d(numberRows(numbers, length, indices), [indices.length, length]) });
}

function imageReader(name: string, size: number, images: PairedImages): ConditionReader {
  checkOptions('images', images, { shape: 'required', pixels: 'required' });
  const { shape, pixels } = images;
  const count = countImages(name, 'images', pixels, shape);
  if (count !== size) {
    throw new GanKitError(
      'invalid-data',
      `'${name}' has ${size} samples but ${count} images of shape ${formatShape(shape)} beside them; give one for each sample.`,
      { value: count },
    );
  }
  const length = shape[0] * shape[1] * shape[2];
  return (indices) => ({ images: tf.tensor4d(unitRows(pixels, length, indices), [indices.length, ...shape]) });
}

/**
 * Checks all that is known of the samples, once, and gives it out by index.
 * @throws GanKitError `invalid-data` when counts do not fit or a value is wrong; it names the first one.
 */
export function conditionReader(name: string, size: number, conditions: SampleConditions): ConditionReader {
  const { vectors, images } = conditions;
  const readers = [
    labelReader(name, size, conditions),
    ...(vectors === undefined ? [] : [vectorReader(name, size, vectors)]),
    ...(images === undefined ? [] : [imageReader(name, size, images)]),
  ];
  return (indices) => Object.assign({}, ...readers.map((read) => read(indices)));
}
