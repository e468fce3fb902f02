// Squared distances of all pairs of rows, a block at a time: ten thousand times ten thousand never stand in memory.
import type { Features } from './features.ts';
import { innerProducts } from './inner-products.ts';

/** Both sets minus the mean of the first, in float64: distances stay, and products of numbers near 0 keep more digits. */
export function centred(reference: Features, generated: Features): readonly [Features, Features] {
  const { dimensions } = reference;
  const mean = new Float64Array(dimensions);
  const rows = reference.values.length / dimensions;
  for (let at = 0; at < reference.values.length; at++) mean[at % dimensions]! += reference.values[at]! / rows;
  const shifted = ({ values }: Features): Features => {
    const moved = Float64Array.from(values);
    for (let at = 0; at < moved.length; at++) moved[at]! -= mean[at % dimensions]!;
    return { values: moved, dimensions };
  };
  return [shifted(reference), reference === generated ? shifted(reference) : shifted(generated)];
}

/** The inner product of each row with itself, summed as {@link innerProducts} does. */
export function squares(values: Float64Array, dimensions: number): Float64Array {
  const found = new Float64Array(values.length / dimensions);
  for (let row = 0; row < found.length; row++) {
    let sum = 0;
    for (let k = row * dimensions; k < (row + 1) * dimensions; k++) sum += values[k]! * values[k]!;
    found[row] = sum;
  }
  return found;
}

const rowsAtATime = 64;
/** A multiple of the above, so that a block lies above the diagonal or within a square on it. */
const columnsAtATime = 256;

/** Squared distances of some rows of one set to some of another. */
export interface DistanceBlock {
  /** Index of the first row in the first set, and how many rows there are. */
  readonly top: number;
  readonly rows: number;
  /** Index of the first row in the second set, and how many columns there are. */
  readonly left: number;
  readonly columns: number;
  /** [rows, columns]; overwritten by the next block. */
  readonly squared: Float64Array;
}

/**
 * The squared Euclidean distances of every row of `a` to every row of `b`, block by block: for each row of `a` in the order of the rows
 * of `b`. Equal rows have a distance of exactly 0.
 * @param half For a set with itself: leaves the blocks out that lie wholly below the diagonal, which are those above it, mirrored.
 */
export function* distanceBlocks(a: Features, b: Features, half = false): Generator<DistanceBlock> {
  const { dimensions } = a;
  const [x, y] = centred(a, b).map(({ values }) => values as Float64Array) as [Float64Array, Float64Array];
  const [squaresOfX, squaresOfY] = [squares(x, dimensions), squares(y, dimensions)];
  const squared = new Float64Array(rowsAtATime * columnsAtATime);
  for (let left = 0; left < squaresOfY.length; left += columnsAtATime) {
    const columns = Math.min(columnsAtATime, squaresOfY.length - left);
    const some = y.subarray(left * dimensions, (left + columns) * dimensions);
    const end = half ? Math.min(left + columns, squaresOfX.length) : squaresOfX.length;
    for (let top = 0; top < end; top += rowsAtATime) {
      const rows = Math.min(rowsAtATime, squaresOfX.length - top);
      innerProducts(x.subarray(top * dimensions, (top + rows) * dimensions), rows, some, columns, dimensions, squared);
      for (let i = 0; i < rows; i++) {
        const square = squaresOfX[top + i]!;
        for (let j = 0; j < columns; j++) {
          const at = i * columns + j;
          squared[at] = Math.max(square + squaresOfY[left + j]! - 2 * squared[at]!, 0);
        }
      }
      yield { top, rows, left, columns, squared };
    }
  }
}
