// The values of a sample as they are: for points, rows of tables and series, whose numbers mean something by themselves.
import { checkInteger, checkNumber, checkOptions, formatShape, GanKitError } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import type { FeatureExtractor } from './feature-extractor.ts';

export interface ValueFeaturesOptions {
  /** Numbers in a sample. */
  readonly dimensions: number;
  /** Values are multiplied by this: a data source's `scale`, which leads to its own units; 1 when absent. */
  readonly scale?: number | undefined;
}

/** Samples as features. */
export function valueFeatures(options: ValueFeaturesOptions): FeatureExtractor {
  checkOptions('valueFeatures', options, { dimensions: 'required', scale: 'optional' });
  const { dimensions, scale = 1 } = options;
  checkInteger('dimensions', dimensions);
  checkNumber('scale', scale, Number.MIN_VALUE);
  return {
    identity: { name: 'values', version: '1', checksum: 'none', preprocessing: `times ${scale}` },
    dimensions,
    extract(samples) {
      const batch = samples.shape[0] ?? 0;
      if (batch > 0 && samples.size === batch * dimensions) {
        return { features: tf.tidy(() => tf.mul(samples.reshape([batch, dimensions]), scale)) as tf.Tensor2D };
      }
      throw new GanKitError(
        'invalid-shape',
        `Samples of ${dimensions} numbers were to come, not ${formatShape(samples.shape)}.`,
        { value: samples.shape },
      );
    },
    dispose() {},
  };
}
