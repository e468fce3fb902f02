// What a sample is, and the shape that goes with it.
import { checkInteger, type DataKind, formatShape, GanKitError, unknownNameError } from '@gankit/core';

const forms: Readonly<Record<DataKind, readonly string[]>> = {
  images: ['[height, width, channels]'],
  points: ['[coordinates]'],
  table: ['[columns]'],
  sequence: ['[time]', '[time, features]'],
};

/**
 * Checks the shape of one sample against what it is said to be.
 * @throws GanKitError `unknown-name` for a kind that does not exist, `invalid-argument` for a size that is not a whole number of at
 *   least 1, `invalid-shape` for a shape of another rank.
 */
export function checkKind(name: string, kind: DataKind, shape: readonly number[]): void {
  if (!Object.hasOwn(forms, kind)) throw unknownNameError('kind of data', String(kind), Object.keys(forms));
  checkShape(name, shape);
  const rank = (form: string) => form.split(',').length;
  if (forms[kind].some((form) => rank(form) === shape.length)) return;
  throw new GanKitError(
    'invalid-shape',
    `'${name}' is of kind '${kind}', whose samples have shape ${forms[kind].join(' or ')}, but its shape is ${formatShape(shape)}; choose another kind or shape.`,
    { value: shape },
  );
}

/** Checks that a shape is a list of whole numbers of at least 1. */
export function checkShape(name: string, shape: readonly number[]): void {
  if (!Array.isArray(shape)) {
    throw new GanKitError('invalid-shape', `The shape of '${name}' must be a list of sizes, not ${String(shape)}.`, {
      value: shape,
    });
  }
  shape.forEach((size, axis) => {
    checkInteger(`shape[${axis}] of '${name}'`, size);
  });
}
