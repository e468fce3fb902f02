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
const columnsAtATime = 256;

/**
 * Tells the squared Euclidean distance of every row of `a` to every row of `b`, in order of the rows of `b` for each row of `a`. Equal rows
 * have a distance of exactly 0.
 * @param visit Told the indices and the squared distance.
 */
export function visitSquaredDistances(
  a: Features,
  b: Features,
  visit: (indexInA: number, indexInB: number, squaredDistance: number) => void,
): void {
  const { dimensions } = a;
  const [x, y] = centred(a, b).map(({ values }) => values as Float64Array) as [Float64Array, Float64Array];
  const [squaresOfX, squaresOfY] = [squares(x, dimensions), squares(y, dimensions)];
  const products = new Float64Array(rowsAtATime * columnsAtATime);
  for (let left = 0; left < squaresOfY.length; left += columnsAtATime) {
    const columns = Math.min(columnsAtATime, squaresOfY.length - left);
    const some = y.subarray(left * dimensions, (left + columns) * dimensions);
    for (let top = 0; top < squaresOfX.length; top += rowsAtATime) {
      const rows = Math.min(rowsAtATime, squaresOfX.length - top);
      innerProducts(x.subarray(top * dimensions, (top + rows) * dimensions), rows, some, columns, dimensions, products);
      for (let i = 0; i < rows; i++) {
        const square = squaresOfX[top + i]!;
        for (let j = 0; j < columns; j++) {
          const distance = square + squaresOfY[left + j]! - 2 * products[i * columns + j]!;
          visit(top + i, left + j, Math.max(distance, 0));
        }
      }
    }
  }
}
