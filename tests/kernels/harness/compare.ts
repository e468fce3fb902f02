/** Says in one line how a result differs from its definition. */
import type { Values } from './values.ts';

export interface Result {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly data: ArrayLike<number>;
}

function entryFits(actual: number, expected: number, allowed: number): boolean {
  if (Number.isNaN(expected)) return Number.isNaN(actual);
  if (!Number.isFinite(expected)) return actual === expected;
  return Math.abs(actual - expected) <= allowed * Math.max(1, Math.abs(expected));
}

function brief(values: ArrayLike<number>): string {
  const all = Array.from(values);
  const shown = all.slice(0, 24).map((value) => `${Number(value.toPrecision(7))}`);
  return `[${shown.join(' ')}${all.length > 24 ? ' ...' : ''}]`;
}

/**
 * @param tolerance of floats, relative to the larger of 1, the entry, and `terms`
 * @returns undefined when the result is right
 */
export function difference(actual: Result, expected: Values, terms: number, tolerance: number): string | undefined {
  if (actual.dtype !== expected.dtype) return `dtype ${actual.dtype} instead of ${expected.dtype}`;
  if (actual.shape.join() !== expected.shape.join()) {
    return `shape [${actual.shape.join()}] instead of [${expected.shape.join()}]`;
  }
  if (actual.data.length !== expected.data.length) {
    return `${actual.data.length} entries instead of ${expected.data.length}`;
  }
  const allowed = expected.dtype === 'float32' ? tolerance * terms : 0;
  const wrong = expected.data.findIndex((value, i) => !entryFits(actual.data[i]!, value, allowed));
  if (wrong === -1) return undefined;
  return `${brief(actual.data)} instead of ${brief(expected.data)} (entry ${wrong})`;
}
