// Sizes that hold for every batch: what differs between two traces with different batch sizes must be a multiple of the batch.

/** A fixed size, or a whole multiple of the batch size. */
export type Dimension = number | { readonly timesBatch: number };

/** The sizes of the two batches that a generator is traced with. */
export const tracedBatches = [2, 3] as const;

/** The size that is `first` with the first batch and `second` with the second, or `undefined` when it is no multiple of the batch. */
export function generalize(first: number, second: number): Dimension | undefined {
  if (first === second) return first;
  const multiple = first / tracedBatches[0];
  return Number.isInteger(multiple) && multiple * tracedBatches[1] === second ? { timesBatch: multiple } : undefined;
}

/** {@link generalize} for each axis. */
export function generalizeAll(first: readonly number[], second: readonly number[]): readonly Dimension[] | undefined {
  if (first.length !== second.length) return undefined;
  const dimensions = first.map((size, axis) => generalize(size, second[axis]!));
  return dimensions.every((dimension) => dimension !== undefined) ? dimensions : undefined;
}

export function sameDimension(a: Dimension, b: Dimension): boolean {
  return typeof a === 'number' || typeof b === 'number' ? a === b : a.timesBatch === b.timesBatch;
}
