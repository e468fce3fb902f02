// The Fréchet distance within each class: sees a conditional generator that collapsed inside its classes, or mixes them up.
import { GanKitError } from '@gankit/core';
import { checkLabels } from './classification.ts';
import { countBoth, type Features, takeRows } from './features.ts';
import { type FrechetDistanceOptions, frechetDistance } from './frechet-distance.ts';
import { rowsByClass } from './linear-discriminant.ts';
import { momentsOf } from './moments.ts';

/** Features and the class of each row. */
export interface LabelledFeatures extends Features {
  readonly labels: ArrayLike<number>;
}

/**
 * The Fréchet distance of each class, and their mean (intra-FID).
 * Source: Miyato and Koyama 2018, section 5.
 * @throws GanKitError `invalid-shape` for a class with fewer than two rows in either set, `invalid-data` for labels that are no classes.
 */
export function intraClassFrechet(
  reference: LabelledFeatures,
  generated: LabelledFeatures,
  classes: number,
  options: FrechetDistanceOptions = {},
): { readonly mean: number; readonly perClass: readonly number[] } {
  const counts = countBoth(reference, generated);
  const rows = [reference, generated].map(({ labels }, index) => {
    const what = index === 0 ? 'reference' : 'generated';
    checkLabels(`the labels of the ${what} samples`, labels, classes);
    if (labels.length !== counts[index]) {
      throw new GanKitError('incompatible', `There are ${counts[index]} ${what} rows and ${labels.length} labels.`);
    }
    const found = rowsByClass(labels, classes);
    const small = found.findIndex((each) => each.length < 2);
    if (small < 0) return found;
    throw new GanKitError(
      'invalid-shape',
      `Class ${small} has ${found[small]!.length} of the ${what} samples, and a covariance needs at least 2; take more samples.`,
      { value: small },
    );
  }) as [readonly number[][], readonly number[][]];
  const perClass = Array.from({ length: classes }, (_, label) =>
    frechetDistance(
      momentsOf(takeRows(reference, rows[0][label]!)),
      momentsOf(takeRows(generated, rows[1][label]!)),
      options,
    ),
  );
  return { mean: perClass.reduce((sum, distance) => sum + distance, 0) / classes, perClass };
}
