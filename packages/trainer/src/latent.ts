import type { Generator, RandomStream } from '@gankit/core';
import type * as tf from '@tensorflow/tfjs';

/** Latents for a generator from the distribution that it expects: float32 [batch, ...latentShape]. The caller owns them. */
export function drawLatent(generator: Generator, batch: number, random: RandomStream): tf.Tensor {
  const shape = [batch, ...generator.latentShape];
  return generator.latentDistribution === 'uniform' ? random.uniformTensor(shape, -1, 1) : random.normalTensor(shape);
}
