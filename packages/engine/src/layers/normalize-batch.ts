// The arithmetic of batch normalisation in training, with an activation: one fused kernel where the backend has it, plain operations
// elsewhere.
import { type Communicator, isSpread, meanOverRanks } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';

/** What may follow batch normalisation within the same operation. */
export type NormalizedActivation = 'linear' | 'relu' | { readonly leakyRelu: number };

/** The slope of the activation's left half, which says everything about it. */
export function leftSlope(activation: NormalizedActivation): number {
  if (activation === 'linear') return 1;
  return activation === 'relu' ? 0 : activation.leakyRelu;
}

/** The activation by its left slope. */
export function activate(x: tf.Tensor, slope: number): tf.Tensor {
  if (slope === 1) return x;
  return slope === 0 ? tf.relu(x) : tf.leakyRelu(x, slope);
}

/**
 * Kernel of `@gankit/backend-onnx`: inputs x, scale, offset; outputs y, mean, variance. Its registered gradient is fused as well,
 * and gives way to plain operations when it is itself differentiated, so that penalties stay right.
 */
const fusedKernel = 'BatchNormActivation';

/** A normalised batch, and the statistics that it was made with. */
export interface NormalizedBatch {
  readonly y: tf.Tensor;
  /** [channels] */
  readonly mean: tf.Tensor;
  /** [channels], biased */
  readonly variance: tf.Tensor;
}

/** What {@link normalizeBatch} is told. */
export interface NormalizeBatchOptions {
  /** [channels]; 1 when absent. */
  readonly scale: tf.Tensor | undefined;
  /** [channels]; 0 when absent. */
  readonly offset: tf.Tensor | undefined;
  readonly epsilon: number;
  /** Slope of the activation's left half: 1 is none. */
  readonly slope: number;
  /** The processes whose samples are normalised together; those of this process alone when absent. */
  readonly communicator?: Communicator | undefined;
}

/** `activation(scale (x - mean) / sqrt(variance + epsilon) + offset)`; absent scale and offset are 1 and 0. */
export function normalizeWith(
  x: tf.Tensor,
  mean: tf.Tensor,
  variance: tf.Tensor,
  options: NormalizeBatchOptions,
): tf.Tensor {
  const { scale, offset, epsilon, slope } = options;
  const deviation = tf.rsqrt(tf.add(variance, epsilon));
  const normalized = tf.mul(tf.sub(x, mean), scale === undefined ? deviation : tf.mul(deviation, scale));
  return activate(offset === undefined ? normalized : tf.add(normalized, offset), slope);
}

/**
 * {@link normalizeWith} the batch's own mean and variance over all axes but the last. Over several processes they are those of all samples,
 * exact in every derivative, by plain operations.
 * @param x float32 [batch, ..., channels].
 */
export function normalizeBatch(x: tf.Tensor, options: NormalizeBatchOptions): NormalizedBatch {
  const { communicator } = options;
  const axes = x.shape.slice(1).map((_, axis) => axis);
  if (isSpread(communicator)) {
    const mean = meanOverRanks(tf.mean(x, axes), communicator);
    const variance = meanOverRanks(tf.mean(tf.square(tf.sub(x, mean)), axes), communicator);
    return { y: normalizeWith(x, mean, variance, options), mean, variance };
  }
  const fused: tf.KernelConfig | undefined = tf.getKernel(fusedKernel, tf.getBackend());
  if (fused !== undefined) {
    const channels = x.shape.at(-1)!;
    const { scale = tf.ones([channels]), offset = tf.zeros([channels]), epsilon, slope } = options;
    const outputs = tf.engine().runKernel(fusedKernel, { x, scale, offset }, { epsilon, slope });
    const [y, mean, variance] = outputs as unknown as [tf.Tensor, tf.Tensor, tf.Tensor];
    return { y, mean, variance };
  }
  const { mean, variance } = tf.moments(x, axes);
  return { y: normalizeWith(x, mean, variance, options), mean, variance };
}
