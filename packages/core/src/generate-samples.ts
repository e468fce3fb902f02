// From a generator to numbers: what every picture, file and metric of samples begins with.
import * as tf from '@tensorflow/tfjs';
import { checkInteger } from './checks.ts';
import { type Condition, conditionOf, conditionTensors } from './condition.ts';
import type { Generator } from './generator.ts';
import { drawLatent } from './latent.ts';
import { checkOptions } from './options.ts';
import type { RandomStream } from './random.ts';

export interface GenerateSamplesOptions {
  /** Where the latents are drawn from; each call moves it on. */
  readonly random: RandomStream;
  /** What the generator is told about each sample: tensors with `count` rows, which stay with the caller. Nothing when absent. */
  readonly condition?: Condition | undefined;
  /** Bounds the latents, see `drawLatent`; no bound when absent. */
  readonly truncation?: number | undefined;
  /** Samples that are made at a time, so that memory stays bounded; 64 when absent. */
  readonly batchSize?: number | undefined;
}

/** Samples as plain numbers. */
export interface GeneratedSamples {
  /** All samples one after another, images in [-1, 1]. */
  readonly values: Float32Array;
  /** [count, ...outputShape]. */
  readonly shape: readonly number[];
}

/**
 * Generates samples in evaluation mode (moving averages, no dropout) and reads them back.
 * @param count How many, at least 1.
 * @throws GanKitError `invalid-argument` for a count or batch size below 1 or a truncation out of range, and whatever the
 *   generator throws when it is not told what it needs.
 */
export async function generateSamples(
  generator: Generator,
  count: number,
  options: GenerateSamplesOptions,
): Promise<GeneratedSamples> {
  checkOptions('generateSamples', options, {
    random: 'required',
    condition: 'optional',
    truncation: 'optional',
    batchSize: 'optional',
  });
  const { random, condition, truncation, batchSize = 64 } = options;
  checkInteger('count', count);
  checkInteger('batchSize', batchSize);
  const size = tf.util.sizeFromShape([...generator.outputShape]);
  const values = new Float32Array(count * size);
  for (let start = 0; start < count; start += batchSize) {
    const rows = Math.min(batchSize, count - start);
    const samples = tf.tidy(() => {
      const told = Object.entries(conditionTensors(condition)).map(([kind, tensor]) => {
        return [kind, tf.slice(tensor, start, rows)] as const;
      });
      return generator.generate(drawLatent(generator, rows, random, { truncation }), {
        training: false,
        condition: conditionOf(Object.fromEntries(told)),
      });
    });
    values.set((await samples.data()) as Float32Array, start * size);
    samples.dispose();
  }
  return { values, shape: [count, ...generator.outputShape] };
}
