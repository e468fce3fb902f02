// Drawing latents for a generator, also from less than its whole distribution.
import * as tf from '@tensorflow/tfjs';
import { checkInteger, checkNumber } from './checks.ts';
import type { Generator } from './generator.ts';
import { checkOptions } from './options.ts';
import type { RandomStream } from './random.ts';

export interface DrawLatentOptions {
  /**
   * Bounds every component to +-truncation: fewer kinds of samples, of better quality (Brock 2019, section 3.1). With normal latents,
   * draws outside are drawn again; with uniform ones, at most 1, the range shrinks. No bound when absent.
   */
  readonly truncation?: number | undefined;
}

/** Below this bound, drawing until a normal draw lies inside would take long. */
const narrow = 0.5;

/** A normal draw given that it lies within +-bound. */
function truncatedNormal(random: RandomStream, bound: number): number {
  for (;;) {
    if (bound >= narrow) {
      const value = random.normal();
      if (Math.abs(value) <= bound) return value;
    } else {
      // The same distribution by rejection from the uniform one, of which the bell leaves at least 88 % here.
      const value = bound * (2 * random.uniform() - 1);
      if (random.uniform() <= Math.exp(-(value * value) / 2)) return value;
    }
  }
}

/**
 * Draws latents as `generator` expects them. It moves `random` on: the next call gives other latents.
 * @param count How many, at least 1.
 * @returns float32 [count, ...latentShape]; the caller owns it.
 * @throws GanKitError `invalid-argument` for a truncation that is not above 0, or above 1 with uniform latents.
 */
export function drawLatent(
  generator: Pick<Generator, 'latentShape' | 'latentDistribution'>,
  count: number,
  random: RandomStream,
  options: DrawLatentOptions = {},
): tf.Tensor {
  checkOptions('drawLatent', options, { truncation: 'optional' });
  const { truncation } = options;
  const uniform = generator.latentDistribution === 'uniform';
  checkInteger('count', count);
  if (truncation !== undefined) checkNumber('truncation', truncation, Number.MIN_VALUE, uniform ? 1 : Number.MAX_VALUE);
  const shape = [count, ...generator.latentShape];
  if (uniform) return random.uniformTensor(shape, -(truncation ?? 1), truncation ?? 1);
  if (truncation === undefined) return random.normalTensor(shape);
  const values = Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => truncatedNormal(random, truncation));
  return tf.tensor(values, shape, 'float32');
}
