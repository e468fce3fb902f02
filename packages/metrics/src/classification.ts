// How well labels that were found agree with labels that were told: GAN-test for a generator that is told classes.
import { checkInteger, GanKitError } from '@gankit/core';

export interface Classification {
  /** Share of labels that agree, 0 to 1. */
  readonly accuracy: number;
  /** The standard error of `accuracy`. */
  readonly standardError: number;
  /** Accuracy within each class that was told; NaN for a class that never was. */
  readonly perClass: readonly number[];
  /** `confusion[told][found]`: how often. */
  readonly confusion: readonly (readonly number[])[];
  readonly samples: number;
}

/** @throws GanKitError `invalid-data` for a label that is no class. */
export function checkLabels(what: string, labels: ArrayLike<number>, classes: number): void {
  for (let index = 0; index < labels.length; index++) {
    const label = labels[index]!;
    if (Number.isInteger(label) && label >= 0 && label < classes) continue;
    throw new GanKitError(
      'invalid-data',
      `${what} must be classes from 0 to ${classes - 1}; number ${index} is ${label}.`,
      {
        value: label,
      },
    );
  }
}

/**
 * Compares labels. GAN-test: `told` is what a generator was asked for, `found` what a classifier of real data makes of its samples: fidelity.
 * GAN-train: `told` are the labels of real samples, `found` what a classifier that learned from generated samples makes of them: diversity.
 * Source: Shmelkov, Schmid and Alahari 2018.
 * @throws GanKitError `incompatible` for lists of different lengths, `invalid-data` for a label that is no class, `invalid-shape` for none.
 */
export function classification(told: ArrayLike<number>, found: ArrayLike<number>, classes: number): Classification {
  checkInteger('classes', classes);
  if (told.length !== found.length) {
    throw new GanKitError('incompatible', `There are ${told.length} labels that were told and ${found.length} found.`);
  }
  if (told.length === 0) throw new GanKitError('invalid-shape', 'There is no label to compare.', { value: 0 });
  checkLabels('labels that were told', told, classes);
  checkLabels('labels that were found', found, classes);
  const confusion = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let index = 0; index < told.length; index++) confusion[told[index]!]![found[index]!]!++;
  const accuracy = confusion.reduce((sum, row, label) => sum + row[label]!, 0) / told.length;
  return {
    accuracy,
    standardError: Math.sqrt((accuracy * (1 - accuracy)) / told.length),
    perClass: confusion.map((row, label) => row[label]! / row.reduce((sum, count) => sum + count, 0)),
    confusion,
    samples: told.length,
  };
}
