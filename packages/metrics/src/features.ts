// Features of samples as plain numbers: what most metrics are functions of.
import { checkInteger, GanKitError } from '@gankit/core';

/** Rows of numbers: the features of one sample after another, or points, or rows of a table. */
export interface Features {
  /** [count, dimensions] in a flat array. */
  readonly values: Float32Array | Float64Array;
  /** Numbers in a row. */
  readonly dimensions: number;
}

/**
 * Checks that features are whole rows of finite numbers.
 * @param what What they are, for the sentence: `the generated features`.
 * @param least The smallest number of rows that makes sense.
 * @returns The number of rows.
 * @throws GanKitError `invalid-shape` for too few rows or a part of one, `numerical` for a number that is not finite.
 */
export function countRows(what: string, { values, dimensions }: Features, least = 1): number {
  checkInteger(`dimensions of ${what}`, dimensions);
  const count = values.length / dimensions;
  if (!Number.isInteger(count) || count < least) {
    throw new GanKitError(
      'invalid-shape',
      `${what} need at least ${least} whole row${least === 1 ? '' : 's'} of ${dimensions} numbers, not ${values.length} numbers.`,
      { value: values.length },
    );
  }
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return count;
  throw new GanKitError(
    'numerical',
    `Row ${Math.floor(bad / dimensions)} of ${what} holds ${values[bad]}; the generator has diverged, or the extractor has.`,
    { value: values[bad] },
  );
}

/**
 * Checks two sets of features that are compared.
 * @returns The numbers of rows.
 * @throws GanKitError `incompatible` when their rows have different lengths, and as {@link countRows}.
 */
export function countBoth(reference: Features, generated: Features, least = 1): readonly [number, number] {
  const counts = [
    countRows('the reference features', reference, least),
    countRows('the generated features', generated, least),
  ] as const;
  if (reference.dimensions === generated.dimensions) return counts;
  throw new GanKitError(
    'incompatible',
    `The reference features have ${reference.dimensions} numbers in a row and the generated ones ${generated.dimensions}; take both from one extractor.`,
    { value: generated.dimensions },
  );
}

/** Some rows of features, in the order of their indices. */
export function takeRows({ values, dimensions }: Features, indices: ArrayLike<number>): Features {
  const taken = new Float64Array(indices.length * dimensions);
  for (let row = 0; row < indices.length; row++) {
    const from = indices[row]! * dimensions;
    taken.set(values.subarray(from, from + dimensions), row * dimensions);
  }
  return { values: taken, dimensions };
}
