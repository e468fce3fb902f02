// The options of `DataSource.batches`, checked in the same way by every source.
import { type BatchOptions, checkInteger, checkOptions, GanKitError, rowsOfShare } from '@gankit/core';

/** Checks everything that has nothing to do with the size of a source. */
export function checkBatchOptions(options: BatchOptions): void {
  checkOptions('batches', options, {
    batchSize: 'required',
    random: 'optional',
    epochs: 'optional',
    lastBatch: 'optional',
    share: 'optional',
  });
  const { batchSize, epochs, lastBatch, share } = options;
  checkInteger('batchSize', batchSize);
  if (epochs !== undefined) checkInteger('epochs', epochs);
  if (lastBatch !== undefined && lastBatch !== 'drop' && lastBatch !== 'keep') {
    throw new GanKitError('invalid-argument', `lastBatch must be 'drop' or 'keep', not '${String(lastBatch)}'.`, {
      value: lastBatch,
    });
  }
  if (share === undefined) return;
  checkInteger('share.size', share.size);
  checkInteger('share.rank', share.rank, 0);
  rowsOfShare(batchSize, share);
  if (lastBatch === 'keep' && share.size > 1) {
    throw new GanKitError('invalid-argument', "A last batch that is kept cannot be spread evenly; leave out 'keep'.");
  }
}

/**
 * Checks the options against the size of a set.
 * @throws GanKitError `invalid-argument` for a batch that is larger than the set.
 */
export function checkBatchSize(name: string, batchSize: number, size: number): void {
  if (batchSize <= size) return;
  throw new GanKitError(
    'invalid-argument',
    `A batch of ${batchSize} is larger than the data set '${name}' with its ${size} samples; choose at most ${size}, or put each sample into the set more than once.`,
    { value: batchSize },
  );
}
