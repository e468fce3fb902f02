import { checkNumber, type RandomStream } from '@gankit/core';
import type * as tf from '@tensorflow/tfjs';

/** What pure noise is: `uniform` in [-1, 1), the range of the data, or `normal` around 0. */
export interface NoiseOptions {
  /** `uniform` by default. */
  readonly distribution?: 'uniform' | 'normal';
  /** Of `normal` noise, above 0; 1 by default. */
  readonly standardDeviation?: number;
}

/** Makes a function that draws noise of a shape; the caller owns the tensor. */
export function noiseSource({ distribution = 'uniform', standardDeviation = 1 }: NoiseOptions = {}) {
  checkNumber('standardDeviation', standardDeviation, Number.MIN_VALUE);
  return (shape: number[], random: RandomStream): tf.Tensor =>
    distribution === 'uniform' ? random.uniformTensor(shape, -1, 1) : random.normalTensor(shape, 0, standardDeviation);
}
