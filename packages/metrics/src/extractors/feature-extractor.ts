// What turns samples into features, and who it was: numbers of different extractors have nothing to do with each other.
import { GanKitError } from '@gankit/core';
import type * as tf from '@tensorflow/tfjs';

/** What stands beside every number that was taken from features. Plain JSON. */
export interface ExtractorIdentity {
  readonly name: string;
  readonly version: string;
  /** SHA-256 of its weights, in hexadecimal; `none` for one without weights. */
  readonly checksum: string;
  /** What is done to samples before they reach it, in words: size, filter, channels. */
  readonly preprocessing: string;
}

/** What an extractor makes of a batch. */
export type Extracted = {
  /** float32 [batch, dimensions] */
  readonly features: tf.Tensor2D;
  /** Of an extractor that classifies: float32 [batch, classes], rows with the sum 1. */
  readonly probabilities?: tf.Tensor2D;
};

/** Turns samples into features. Resizing and channels are its own business, so that it is given samples as they are. */
export interface FeatureExtractor {
  readonly identity: ExtractorIdentity;
  /** Numbers in a row of features. */
  readonly dimensions: number;
  /** Classes that it tells apart, by name; absent when it classifies nothing. */
  readonly classNames?: readonly string[] | undefined;
  /**
   * @param samples float32 [batch, ...shape], images in [-1, 1].
   * @returns Tensors that the caller owns.
   * @throws GanKitError `invalid-shape` for samples that it cannot look at.
   */
  extract(samples: tf.Tensor): Extracted;
  /** Frees its weights. */
  dispose(): void;
}

/** `mnist-digits 1`, for sentences. */
export function extractorText({ name, version, checksum, preprocessing }: ExtractorIdentity): string {
  return `${name} ${version} (${checksum.slice(0, 12)}; ${preprocessing})`;
}

/** @throws GanKitError `incompatible` when features come from different extractors. */
export function checkSameExtractor(a: ExtractorIdentity, b: ExtractorIdentity): void {
  const [first, second] = [extractorText(a), extractorText(b)];
  if (first === second && a.checksum === b.checksum) return;
  throw new GanKitError(
    'incompatible',
    `Features of ${first} and of ${second} cannot be compared; take both from one extractor.`,
    { value: b },
  );
}
