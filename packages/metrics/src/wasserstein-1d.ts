// The Wasserstein distance of samples on a line, exactly: what it costs to move one set onto the other.
import { checkNumber, GanKitError } from '@gankit/core';

function sorted(what: string, values: ArrayLike<number>): Float64Array {
  if (values.length === 0) throw new GanKitError('invalid-shape', `${what} need at least 1 number.`, { value: 0 });
  const copy = Float64Array.from(values).sort();
  const bad = Array.prototype.findIndex.call(values, (value: number) => !Number.isFinite(value));
  if (bad < 0) return copy;
  throw new GanKitError('numerical', `Number ${bad} of ${what} is ${values[bad]}.`, { value: values[bad] });
}

/**
 * The integral of |F^-1(u) - G^-1(u)|^order over u from 0 to 1, to the power 1/order. The sets may have different sizes.
 * @param order 1 (the default) is the earth mover's distance; 2 or any other number of at least 1.
 * @throws GanKitError `invalid-shape` for an empty set, `numerical` for a number that is not finite.
 */
export function wasserstein1d(reference: ArrayLike<number>, generated: ArrayLike<number>, order = 1): number {
  checkNumber('order', order, 1);
  const [a, b] = [sorted('the reference numbers', reference), sorted('the generated numbers', generated)];
  return sortedWasserstein(a, b, order) ** (1 / order);
}

/** The integral alone, of numbers that are in order. */
export function sortedWasserstein(a: Float64Array, b: Float64Array, order: number): number {
  let [i, j, total, done] = [0, 0, 0, 0];
  // Mass moves in portions that end where one of both steps does; (i + 1) / a.length is where the step of a ends.
  while (i < a.length && j < b.length) {
    const endOfA = (i + 1) * b.length;
    const endOfB = (j + 1) * a.length;
    const end = Math.min(endOfA, endOfB);
    const gap = Math.abs(a[i]! - b[j]!);
    total += (end - done) * (order === 1 ? gap : gap ** order);
    done = end;
    if (endOfA === end) i++;
    if (endOfB === end) j++;
  }
  return total / (a.length * b.length);
}
