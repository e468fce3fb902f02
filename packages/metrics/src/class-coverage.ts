// How many of the classes a generator makes, and how evenly: modes by the word of a classifier, such as the 1,000 of stacked digits.
import { checkInteger, GanKitError } from '@gankit/core';
import { checkLabels } from './classification.ts';

export interface ClassCoverage {
  /** Classes with at least one sample. */
  readonly classesFound: number;
  readonly classes: number;
  /** KL(generated || reference) in nats over the classes; the reference is uniform unless given. 0 when they are equally frequent. */
  readonly reverseKl: number;
  readonly samples: number;
}

/**
 * Counts classes.
 * @param labels What a classifier makes of each sample.
 * @param reference How frequent each class is in the data, in any unit; all alike when absent.
 * @throws GanKitError `invalid-data` for labels that are no classes, `invalid-argument` for a reference that makes no sense: `reverseKl` is
 *   infinite when a class is generated that the reference does not have.
 */
export function classCoverage(
  labels: ArrayLike<number>,
  classes: number,
  reference?: ArrayLike<number>,
): ClassCoverage {
  checkInteger('classes', classes);
  if (labels.length === 0) throw new GanKitError('invalid-shape', 'There is no sample to count.', { value: 0 });
  checkLabels('labels', labels, classes);
  const frequent = reference === undefined ? new Float64Array(classes).fill(1) : Float64Array.from(reference);
  const total = frequent.reduce((sum, share) => sum + share, 0);
  if (
    frequent.length !== classes ||
    frequent.some((share) => !(share >= 0)) ||
    !(total > 0 && Number.isFinite(total))
  ) {
    throw new GanKitError('invalid-argument', `The reference must be ${classes} frequencies of at least 0.`, {
      value: frequent.length,
    });
  }
  const counts = new Float64Array(classes);
  for (let index = 0; index < labels.length; index++) counts[labels[index]!]!++;
  const reverseKl = counts.reduce((sum, count, label) => {
    const share = count / labels.length;
    return count === 0 ? sum : sum + share * Math.log((share * total) / frequent[label]!);
  }, 0);
  return {
    classesFound: counts.reduce((found, count) => found + (count > 0 ? 1 : 0), 0),
    classes,
    reverseKl: Math.max(reverseKl, 0),
    samples: labels.length,
  };
}

/**
 * The class of each stacked image from the digits of its channels: 3 channels of 10 digits make 1,000 classes, `123` for a 1, a 2 and a 3.
 * Source: Metz et al. 2017, section 3.3.1; Lin et al. 2018, section 4.2, with 26,000 samples.
 * @param digits The label of every channel, image by image: [images * channels].
 * @throws GanKitError `invalid-data` for labels that are no classes, `invalid-shape` for a part of an image.
 */
export function stackedClasses(digits: ArrayLike<number>, { channels = 3, classes = 10 } = {}): Uint32Array {
  checkInteger('channels', channels);
  checkInteger('classes', classes);
  checkLabels('labels of channels', digits, classes);
  if (digits.length % channels !== 0) {
    throw new GanKitError('invalid-shape', `${digits.length} labels are not whole images of ${channels} channels.`, {
      value: digits.length,
    });
  }
  return Uint32Array.from({ length: digits.length / channels }, (_, image) => {
    let label = 0;
    for (let channel = 0; channel < channels; channel++) label = label * classes + digits[image * channels + channel]!;
    return label;
  });
}
