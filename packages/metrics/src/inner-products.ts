// Products of rows with rows in float64: what covariances, kernels and distances are made of.

/**
 * The inner product of every row of `a` with every row of `b`. Each sum runs over the columns in their order, so that equal rows have
 * equal products, to the last bit.
 *
 * @param a [rowsOfA, length]
 * @param b [rowsOfB, length]
 * @param products Written: [rowsOfA, rowsOfB].
 */
export function innerProducts(
  a: Float64Array,
  rowsOfA: number,
  b: Float64Array,
  rowsOfB: number,
  length: number,
  products: Float64Array,
): void {
  // Tiles of 2 x 4 keep eight sums in registers: each number that is read is used two or four times.
  const evenRows = rowsOfA - (rowsOfA % 2);
  const fourRows = rowsOfB - (rowsOfB % 4);
  for (let i = 0; i < evenRows; i += 2) {
    const a0 = i * length;
    const a1 = a0 + length;
    for (let j = 0; j < fourRows; j += 4) {
      const b0 = j * length;
      const b1 = b0 + length;
      const b2 = b1 + length;
      const b3 = b2 + length;
      let [s00, s01, s02, s03, s10, s11, s12, s13] = [0, 0, 0, 0, 0, 0, 0, 0];
      for (let k = 0; k < length; k++) {
        const x0 = a[a0 + k]!;
        const x1 = a[a1 + k]!;
        const y0 = b[b0 + k]!;
        const y1 = b[b1 + k]!;
        const y2 = b[b2 + k]!;
        const y3 = b[b3 + k]!;
        s00 += x0 * y0;
        s01 += x0 * y1;
        s02 += x0 * y2;
        s03 += x0 * y3;
        s10 += x1 * y0;
        s11 += x1 * y1;
        s12 += x1 * y2;
        s13 += x1 * y3;
      }
      const at = i * rowsOfB + j;
      products[at] = s00;
      products[at + 1] = s01;
      products[at + 2] = s02;
      products[at + 3] = s03;
      products[at + rowsOfB] = s10;
      products[at + rowsOfB + 1] = s11;
      products[at + rowsOfB + 2] = s12;
      products[at + rowsOfB + 3] = s13;
    }
    for (let j = fourRows; j < rowsOfB; j++) {
      products[i * rowsOfB + j] = innerProduct(a, a0, b, j * length, length);
      products[(i + 1) * rowsOfB + j] = innerProduct(a, a1, b, j * length, length);
    }
  }
  for (let i = evenRows; i < rowsOfA; i++) {
    for (let j = 0; j < rowsOfB; j++) products[i * rowsOfB + j] = innerProduct(a, i * length, b, j * length, length);
  }
}

/** The inner product of two rows that begin at these places. */
function innerProduct(a: Float64Array, fromA: number, b: Float64Array, fromB: number, length: number): number {
  let sum = 0;
  for (let k = 0; k < length; k++) sum += a[fromA + k]! * b[fromB + k]!;
  return sum;
}
