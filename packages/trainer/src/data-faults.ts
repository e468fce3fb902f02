// What is wrong with real samples, looked for where it would otherwise be taken for a fault of the game.
import { GanKitError } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';

/** A little beyond 1 is rounding; images that go further were never scaled. */
const largestOfImages = 1.05;

/** Where a value stands: in which sample of its batch. */
const sampleOf = (index: number, { size, shape }: tf.Tensor) => Math.floor(index / (size / shape[0]!));

/**
 * Looks at the real samples of a step. It reads them, so it is for the first step of a run, and for one whose numbers are none.
 * @param batches float32 [batch, ...shape]; they stay with the caller.
 * @param step The step that they were played in, for the sentence.
 * @returns The error that tells what they are, or `undefined` when nothing is wrong with them.
 */
export async function dataFault(batches: readonly tf.Tensor[], step: number): Promise<GanKitError | undefined> {
  for (const batch of batches) {
    const values = await batch.data();
    let largest = 0;
    let smallest = 0;
    for (let index = 0; index < values.length; index++) {
      const value = values[index]!;
      if (!Number.isFinite(value)) {
        return new GanKitError(
          'invalid-data',
          `Sample ${sampleOf(index, batch)} of the batch of step ${step} holds ${value}; leave such samples out, or replace the value.`,
          { value },
        );
      }
      if (value > largest) largest = value;
      if (value < smallest) smallest = value;
    }
    const isImages = batch.rank === 4;
    if (isImages && Math.max(largest, -smallest) > largestOfImages) {
      const advice =
        largest > 2 && smallest >= 0 && largest <= 255 ? '; divide bytes by 127.5 and subtract 1' : '; scale them';
      return new GanKitError(
        'invalid-data',
        `The images of step ${step} hold values from ${smallest} to ${largest}, and images go from -1 to 1${advice}.`,
        { value: Math.max(largest, -smallest) },
      );
    }
  }
  return undefined;
}

/** Frees the real samples that records hold. */
export function disposeData(records: readonly { readonly data: readonly tf.Tensor[] }[]): void {
  tf.dispose(records.flatMap(({ data }) => data));
}
