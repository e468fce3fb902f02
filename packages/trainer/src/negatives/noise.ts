import { checkNumber, checkOptions, GanKitError, type RandomStream } from '@gankit/core';
import type * as tf from '@tensorflow/tfjs';

/** What pure noise is: `uniform` in [-1, 1), the range of the data, or `normal` around 0. */
export interface NoiseOptions {
  /** `uniform` by default. */
  readonly distribution?: 'uniform' | 'normal' | undefined;
  /** Of `normal` noise, above 0; 1 by default. */
  readonly standardDeviation?: number | undefined;
}

/** Makes a function that draws noise of a shape; the caller owns the tensor. */
export function noiseSource(options: NoiseOptions = {}) {
  checkOptions('noise', options, { distribution: 'optional', standardDeviation: 'optional' });
  const { distribution = 'uniform', standardDeviation = 1 } = options;
  if (distribution === 'uniform' && options.standardDeviation !== undefined) {
    throw new GanKitError(
      'invalid-argument',
      `A standard deviation of ${options.standardDeviation} is for normal noise, and this is uniform in [-1, 1); add distribution: 'normal', or leave it out.`,
      { value: options.standardDeviation },
    );
  }
  checkNumber('standardDeviation', standardDeviation, Number.MIN_VALUE);
  return (shape: number[], random: RandomStream): tf.Tensor =>
    distribution === 'uniform' ? random.uniformTensor(shape, -1, 1) : random.normalTensor(shape, 0, standardDeviation);
}
