// The features of a set of samples, gathered batch by batch, and all that must stand beside a number that is taken from them.
import { type Batch, checkInteger, checkOptions, disposeBatch, GanKitError } from '@gankit/core';
import type * as tf from '@tensorflow/tfjs';
import type { ExtractorIdentity, FeatureExtractor } from './extractors/feature-extractor.ts';
import type { Features } from './features.ts';

/** Where the modes of a distribution lie, for data that know it. */
export interface KnownModes {
  readonly modes: readonly (readonly number[])[];
  readonly standardDeviation: number;
}

/** Features of samples, and what is known of them. */
export interface FeatureSet {
  /** What the samples are, for people: `mnist`, `runs/digits at step 1000`. */
  readonly name: string;
  /** Shape of a sample before it was brought to the extractor's. */
  readonly shape: readonly number[];
  readonly samples: number;
  readonly extractor: ExtractorIdentity;
  readonly features: Features;
  /** A row of class probabilities for each sample, from an extractor that classifies. */
  readonly probabilities?: Features | undefined;
  /** The class that each sample has, or was told; absent when none is known. */
  readonly labels?: Int32Array | undefined;
  /** Where the modes of the data lie, in the units of the features. */
  readonly modes?: KnownModes | undefined;
}

export interface ExtractFeaturesOptions {
  /** What the samples are, for people. */
  readonly name: string;
  /** How many samples are taken; all that there are when absent. */
  readonly samples?: number | undefined;
  readonly modes?: KnownModes | undefined;
  /** Told how many samples are done. */
  readonly onProgress?: ((done: number) => void) | undefined;
  /** Ends it between two batches, with the reason of the signal. */
  readonly signal?: AbortSignal | undefined;
}

/** Numbers that come in pieces. */
class Gathered<T extends Float32Array | Int32Array> {
  readonly #pieces: T[] = [];
  readonly #make: (length: number) => T;

  constructor(make: (length: number) => T) {
    this.#make = make;
  }

  add(piece: T): void {
    this.#pieces.push(piece);
  }

  joined(): T {
    const all = this.#make(this.#pieces.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const piece of this.#pieces) {
      all.set(piece as never, at);
      at += piece.length;
    }
    return all;
  }
}

/** The first rows of a tensor. */
async function rowsOf(tensor: tf.Tensor, rows: number) {
  return Float32Array.from(await tensor.data()).subarray(0, rows * (tensor.size / tensor.shape[0]!));
}

/**
 * Features of samples that come in batches: only one batch of samples is in memory at a time.
 * @param batches Each is freed here. The stream is closed when enough was taken, or on failure.
 * @throws GanKitError `invalid-data` when there is no sample, or only some batches have labels; `invalid-shape` for samples that the extractor
 *   cannot look at; the signal's reason when it is aborted.
 */
export async function extractFeatures(
  extractor: FeatureExtractor,
  batches: AsyncIterable<Batch>,
  options: ExtractFeaturesOptions,
): Promise<FeatureSet> {
  checkOptions('extractFeatures', options, {
    name: 'required',
    samples: 'optional',
    modes: 'optional',
    onProgress: 'optional',
    signal: 'optional',
  });
  const { name, samples = Number.MAX_SAFE_INTEGER, modes, onProgress, signal } = options;
  checkInteger('samples', samples);
  const float = (length: number) => new Float32Array(length);
  const [features, probabilities] = [new Gathered(float), new Gathered(float)];
  const labels = new Gathered((length) => new Int32Array(length));
  let shape: readonly number[] = [];
  let [done, labelled, classified] = [0, 0, 0];
  for await (const batch of batches) {
    try {
      signal?.throwIfAborted();
      shape = batch.data.shape.slice(1);
      const rows = Math.min(batch.data.shape[0]!, samples - done);
      const extracted = extractor.extract(batch.data);
      try {
        features.add(await rowsOf(extracted.features, rows));
        if (extracted.probabilities !== undefined) {
          probabilities.add(await rowsOf(extracted.probabilities, rows));
          classified += rows;
        }
      } finally {
        extracted.features.dispose();
        extracted.probabilities?.dispose();
      }
      if (batch.labels !== undefined) {
        labels.add(Int32Array.from(await batch.labels.data()).slice(0, rows));
        labelled += rows;
      }
      done += rows;
    } finally {
      disposeBatch(batch);
    }
    onProgress?.(done);
    if (done >= samples) break;
  }
  if (done === 0) throw new GanKitError('invalid-data', `There is no sample in '${name}'.`, { value: name });
  if (labelled !== 0 && labelled !== done) {
    throw new GanKitError('invalid-data', `Only ${labelled} of ${done} samples of '${name}' have a label.`);
  }
  const classes = extractor.classNames?.length;
  return {
    name,
    shape,
    samples: done,
    extractor: extractor.identity,
    features: { values: features.joined(), dimensions: extractor.dimensions },
    ...(classified === done && classes !== undefined
      ? { probabilities: { values: probabilities.joined(), dimensions: classes } }
      : {}),
    ...(labelled === done ? { labels: labels.joined() } : {}),
    ...(modes === undefined ? {} : { modes }),
  };
}
