// Numbers of samples in memory: checked once, then given out by index.
import { GanKitError } from '@gankit/core';

/** What a value is, by its class: `Float32Array`, `Object`; also of one from another realm. */
export function typeName(value: unknown): string {
  return Object.prototype.toString.call(value).slice('[object '.length, -1);
}

/** A value as it stands in a sentence; text in quotes, so that '1' is not taken for 1. */
export function shown(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : String(value);
}

/** Checks that something is an array or a typed array. */
export function checkArray(name: string, what: string, values: ArrayLike<unknown>): void {
  if (Array.isArray(values) || (ArrayBuffer.isView(values) && !(values instanceof DataView))) return;
  throw new GanKitError(
    'invalid-data',
    `The ${what} of '${name}' must be an array or a typed array of numbers, not ${typeName(values)}.`,
    { value: values },
  );
}

/**
 * Numbers as float32, not copied when they are that already.
 * @param length How many of them belong to one sample, for the sentence.
 * @param problem Says of a number what is wrong with it and what to do; `undefined` when nothing is.
 * @throws GanKitError `invalid-data` that names the first wrong number and where it is.
 */
export function checkedNumbers(
  name: string,
  what: string,
  values: ArrayLike<number>,
  length: number,
  problem: (value: number) => string | undefined,
): Float32Array {
  checkArray(name, what, values);
  const numbers = values instanceof Float32Array ? values : Float32Array.from(values);
  const wrong = numbers.findIndex((value) => problem(value) !== undefined);
  if (wrong < 0) return numbers;
  const value = values[wrong]!;
  const place = `index ${wrong} (sample ${Math.floor(wrong / length)}, number ${wrong % length})`;
  throw new GanKitError(
    'invalid-data',
    `The ${what} of '${name}' hold ${shown(value)} at ${place}; ${problem(numbers[wrong]!)}.`,
    {
      value,
    },
  );
}

/** Rows by index, `length` numbers each, one after another. */
export function numberRows(values: Float32Array, length: number, indices: Uint32Array): Float32Array {
  const rows = new Float32Array(indices.length * length);
  indices.forEach((index, row) => {
    rows.set(values.subarray(index * length, (index + 1) * length), row * length);
  });
  return rows;
}
