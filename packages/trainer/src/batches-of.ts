import { type Batch, GanKitError } from '@gankit/core';

/**
 * The batches of whatever a run is given.
 * @throws GanKitError `invalid-argument` for something that holds no batches; a data source is told from its batches.
 */
export function batchesOf(data: AsyncIterable<Batch> | Iterable<Batch>): AsyncIterator<Batch> {
  const given = data as Partial<AsyncIterable<Batch> & Iterable<Batch>> & { readonly batches?: unknown };
  if (typeof given?.[Symbol.asyncIterator] === 'function') return given[Symbol.asyncIterator]!();
  if (typeof given?.[Symbol.iterator] === 'function' && typeof data !== 'string') {
    const batches = given[Symbol.iterator]!();
    return { next: async () => batches.next() };
  }
  const advice =
    typeof given?.batches === 'function'
      ? 'this is a data source: give its batches({ batchSize, random })'
      : 'give the batches of a data source, an array of batches, or a generator function that was called';
  throw new GanKitError('invalid-argument', `A run reads batches one after another; ${advice}.`, { value: data });
}
