import { GanKitError } from '@gankit/core';
import { checkArray, shown } from './numbers.ts';

const largestLabel = 2 ** 31 - 1;

/**
 * Labels as int32, each of them checked.
 * @param classes The number of classes; when it is not known, any whole number of at least 0 that fits into int32 is a label.
 * @throws GanKitError `invalid-data` for another number of labels than samples, or that names the first wrong label.
 */
export function checkedLabels(name: string, labels: ArrayLike<number>, size: number, classes?: number): Int32Array {
  checkArray(name, 'labels', labels);
  if (labels.length !== size) {
    throw new GanKitError(
      'invalid-data',
      `'${name}' has ${size} samples but ${labels.length} labels; give one label for each sample.`,
      { value: labels.length },
    );
  }
  const last = classes === undefined ? largestLabel : classes - 1;
  for (let index = 0; index < size; index++) {
    const label = labels[index]!;
    if (Number.isInteger(label) && label >= 0 && label <= last) continue;
    const there = classes === undefined ? '' : `; there are ${classes} classes`;
    throw new GanKitError(
      'invalid-data',
      `The labels of '${name}' must be whole numbers from 0 to ${last}, not ${shown(label)} at index ${index}${there}.`,
      { value: label },
    );
  }
  return Int32Array.from(labels);
}
