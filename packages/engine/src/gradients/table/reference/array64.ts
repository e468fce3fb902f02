/** Small arrays in float64, with just enough to write an operation as its definition reads. Slow, plain and independent of tfjs. */

export interface Array64 {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** The array of `shape` whose entry at each index is `entry(index)`. */
export function build(shape: readonly number[], entry: (index: readonly number[]) => number): Array64 {
  const data = new Float64Array(sizeOf(shape));
  const index = shape.map(() => 0);
  for (let i = 0; i < data.length; i++) {
    data[i] = entry(index);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      if (++index[axis]! < shape[axis]!) break;
      index[axis] = 0;
    }
  }
  return { shape: [...shape], data };
}

/** The entry at `index`; axes of size 1 are broadcast and missing leading axes ignored. */
export function at(x: Array64, index: readonly number[]): number {
  let offset = 0;
  const skip = index.length - x.shape.length;
  for (let axis = 0; axis < x.shape.length; axis++) {
    const size = x.shape[axis]!;
    offset = offset * size + (size === 1 ? 0 : index[axis + skip]!);
  }
  return x.data[offset]!;
}

/** The entry at `index`, or 0 outside the array. */
export function atOrZero(x: Array64, index: readonly number[]): number {
  return index.every((i, axis) => i >= 0 && i < x.shape[axis]!) ? at(x, index) : 0;
}

export function map(x: Array64, f: (value: number) => number): Array64 {
  return { shape: x.shape, data: x.data.map(f) };
}

export function broadcastShape(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => Math.max(a[i - rank + a.length] ?? 1, b[i - rank + b.length] ?? 1));
}

/** An operation on two arrays that broadcast. */
export function zip(a: Array64, b: Array64, f: (a: number, b: number) => number): Array64 {
  return build(broadcastShape(a.shape, b.shape), (index) => f(at(a, index), at(b, index)));
}

export function reshape(x: Array64, shape: readonly number[]): Array64 {
  return { shape: [...shape], data: x.data };
}

export function transpose(x: Array64, order: readonly number[]): Array64 {
  return build(
    order.map((axis) => x.shape[axis]!),
    (index) => {
      const from: number[] = [];
      order.forEach((axis, i) => {
        from[axis] = index[i]!;
      });
      return at(x, from);
    },
  );
}

/** Combines the entries along `axes`, in row-major order, into one; the axes stay with size 1. */
export function reduce(x: Array64, axes: readonly number[], f: (values: number[]) => number): Array64 {
  const kept = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const reduced = x.shape.map((size, axis) => (axes.includes(axis) ? size : 1));
  return build(kept, (index) => {
    const values: number[] = [];
    build(reduced, (offset) => {
      values.push(
        at(
          x,
          index.map((i, axis) => i + offset[axis]!),
        ),
      );
      return 0;
    });
    return f(values);
  });
}

/** As `reduce`, the axes removed. */
export function fold(x: Array64, axes: readonly number[], f: (values: number[]) => number): Array64 {
  const shape = x.shape.filter((_, axis) => !axes.includes(axis));
  return reshape(reduce(x, axes, f), shape);
}

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
export const mean = (values: readonly number[]): number => sum(values) / values.length;
export function variance(values: readonly number[]): number {
  const centre = mean(values);
  return mean(values.map((value) => (value - centre) ** 2));
}
export function logSumExp(values: readonly number[]): number {
  const largest = Math.max(...values);
  return largest + Math.log(sum(values.map((value) => Math.exp(value - largest))));
}
