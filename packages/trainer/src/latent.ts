import { checkNumber, GanKitError, type Generator, type RandomStream } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';

/** Redrawing becomes endless as the threshold approaches 0: at 0.01 it takes 125 draws for each number. */
const smallestTruncation = 0.01;

export interface DrawLatentOptions {
  /**
   * Truncation for sampling: a number that lies more than this many standard deviations from 0 is drawn again, at least 0.01. Lower
   * values give better and less diverse samples (Brock et al. 2019, section 3.1). Without it nothing is truncated.
   */
  readonly truncation?: number;
}

/**
 * Latents for a generator from the distribution that it expects: float32 [batch, ...latentShape]. The caller owns them.
 * @throws GanKitError `invalid-argument` for a truncation below 0.01, `incompatible` for one of uniform latents.
 */
export function drawLatent(
  generator: Generator,
  batch: number,
  random: RandomStream,
  { truncation }: DrawLatentOptions = {},
): tf.Tensor {
  const shape = [batch, ...generator.latentShape];
  if (truncation === undefined) {
    return generator.latentDistribution === 'uniform' ? random.uniformTensor(shape, -1, 1) : random.normalTensor(shape);
  }
  checkNumber('truncation', truncation, smallestTruncation);
  if (generator.latentDistribution === 'uniform') {
    throw new GanKitError(
      'incompatible',
      `Truncation cuts the tails of a normal distribution, but ${generator.name} expects uniform latents; leave it out.`,
      { value: truncation },
    );
  }
  return truncatedNormal(shape, random, truncation);
}

/** Normal numbers, each drawn again until it lies within the threshold. */
function truncatedNormal(shape: number[], random: RandomStream, threshold: number): tf.Tensor {
  const values = random.normals(tf.util.sizeFromShape(shape));
  for (let index = 0; index < values.length; index++) {
    while (Math.abs(values[index]!) > threshold) values[index] = random.normal();
  }
  return tf.tensor(values, shape, 'float32');
}
