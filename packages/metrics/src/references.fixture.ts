// The small sets that fixtures/record.py measures with numpy, scipy, scikit-learn and torch, from the same formula; and what it found.
import type { Features } from './features.ts';
import recorded from './fixtures/recorded.json' with { type: 'json' };

export { recorded };

/** Numbers of {@link drawn}, as they are. */
export function drawnNumbers(seed: number, count: number, shift = 0, spread = 1): Float64Array {
  let state = seed;
  return Float64Array.from({ length: count }, () => {
    let total = 0;
    for (let part = 0; part < 4; part++) {
      state = (Math.imul(1664525, state) + 1013904223) >>> 0;
      total += state / 2 ** 32;
    }
    return (total - 2) * spread + shift;
  });
}

/** Rows of sums of four uniform numbers, minus 2. */
export function drawn(seed: number, count: number, dimensions: number, shift = 0, spread = 1): Features {
  return { values: drawnNumbers(seed, count * dimensions, shift, spread), dimensions };
}

/** Changes each number by its row and column. */
export function mapped(
  { values, dimensions }: Features,
  change: (value: number, row: number, column: number) => number,
): Features {
  return {
    values: Float64Array.from(values, (value, at) => change(value, Math.floor(at / dimensions), at % dimensions)),
    dimensions,
  };
}

/** Correlated columns: each is added, by nine tenths, to the next. */
function mixed({ values, dimensions }: Features): Features {
  const sums = Float64Array.from(values);
  for (let at = 0; at < sums.length; at++) if (at % dimensions > 0) sums[at]! += 0.9 * sums[at - 1]!;
  return { values: sums, dimensions };
}

/** Rows of two sets side by side. */
export function beside(left: Features, right: Features, columns: number): Features {
  const rows = left.values.length / left.dimensions;
  const dimensions = left.dimensions + columns;
  const values = new Float64Array(rows * dimensions);
  for (let row = 0; row < rows; row++) {
    values.set(left.values.subarray(row * left.dimensions, (row + 1) * left.dimensions), row * dimensions);
    const from = row * right.dimensions;
    values.set(right.values.subarray(from, from + columns), row * dimensions + left.dimensions);
  }
  return { values, dimensions };
}

/** The columns of the first set's beginning, with a little of their own. */
function nearly(left: Features, seed: number): Features {
  const noise = drawnNumbers(seed, 60, 0, 1e-5);
  const first = Float64Array.from(noise, (value, row) => left.values[row * left.dimensions]! + value);
  return beside(left, { values: first, dimensions: 1 }, 1);
}

const A = mixed(drawn(1, 60, 8));
const B = mixed(drawn(2, 70, 8, 0.2, 1.3));
const C = mixed(drawn(3, 60, 8, -0.1, 0.7));

/** The sets by their names in record.py. */
export const sets = {
  A,
  B,
  C,
  wide: mixed(drawn(4, 10, 16)),
  wider: mixed(drawn(5, 12, 16, 0.3)),
  flat: beside(A, A, 3),
  flatter: beside(C, C, 3),
  nearly: nearly(A, 6),
  nearly2: nearly(C, 7),
  far: mapped(A, (value) => value + 1e4),
  far2: mapped(C, (value) => value + 1e4),
  classes: mapped(A, (value, row, column) => value + (row % 3 === column ? 1.5 : 0)),
  points: drawn(8, 40, 2),
  others: drawn(9, 40, 2, 0.4, 0.8),
};

/** Labels of the rows of `classes`. */
export const labels = Uint32Array.from({ length: 60 }, (_, row) => row % 3);

/** A relative error below this is agreement. */
export const agreement = 1e-6;

/** How far a value is from a recorded one, relative to it; absolute where that is 0. */
export function deviation(found: number, reference: number): number {
  return Math.abs(found - reference) / (reference === 0 ? 1 : Math.abs(reference));
}
