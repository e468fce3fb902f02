// Batches of samples to be judged: from data, from a generator, from numbers. None of them moves a stream that training draws from.
import {
  type Batch,
  type Condition,
  conditionTensors,
  type DataSource,
  drawLatent,
  type Generator,
  type RandomStream,
} from '@gankit/core';
import * as tf from '@tensorflow/tfjs';

/** Samples that are in memory at a time. */
const samplesAtATime = 100;

/**
 * Samples of data in a random order, each at most once; of data that are drawn, without end.
 * @param random The order depends on its seed; it is not moved.
 */
export function dataBatches(source: DataSource, random: RandomStream): AsyncIterable<Batch> {
  const { size } = source;
  if (size === undefined) return source.batches({ batchSize: samplesAtATime, random });
  const batchSize = Math.min(samplesAtATime, size);
  return source.batches({ batchSize, random, epochs: 1, lastBatch: 'keep' });
}

export interface GeneratedBatchesOptions {
  readonly samples: number;
  /** Latents are drawn from it, which moves it. */
  readonly random: RandomStream;
  /** What the generator is told about samples `from` to `from + count`: tensors that are freed here. Nothing when absent. */
  readonly condition?: ((from: number, count: number) => Condition | undefined) | undefined;
}

/**
 * What a generator makes, in evaluation mode: moving averages are read and not moved. The labels that it was told come along.
 */
export async function* generatedBatches(
  generator: Generator,
  { samples, random, condition }: GeneratedBatchesOptions,
): AsyncGenerator<Batch> {
  for (let from = 0; from < samples; from += samplesAtATime) {
    const count = Math.min(samplesAtATime, samples - from);
    const told = condition?.(from, count);
    const latent = drawLatent(generator, count, random);
    try {
      const data = tf.tidy(() => generator.generate(latent, { training: false, condition: told }));
      yield { data, ...(told?.labels === undefined ? {} : { labels: told.labels.clone() }) };
    } finally {
      tf.dispose([latent, ...Object.values(conditionTensors(told))]);
    }
  }
}

/** Samples that stand one after another in an array, and their labels. */
export async function* arrayBatches(
  values: Float32Array,
  shape: readonly number[],
  labels?: ArrayLike<number>,
): AsyncGenerator<Batch> {
  const length = tf.util.sizeFromShape([...shape]);
  const samples = values.length / length;
  for (let from = 0; from < samples; from += samplesAtATime) {
    const to = Math.min(from + samplesAtATime, samples);
    const data = tf.tensor(values.subarray(from * length, to * length), [to - from, ...shape]);
    if (labels === undefined) yield { data };
    else
      yield {
        data,
        labels: tf.tensor1d(
          Array.from({ length: to - from }, (_, index) => labels[from + index]!),
          'int32',
        ),
      };
  }
}
