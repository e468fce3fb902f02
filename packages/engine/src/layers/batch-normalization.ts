// Batch normalisation (Ioffe and Szegedy 2015) whose averages move only when a call asks for it, unbiased like PyTorch's, and which takes
// an activation along.
import { type Communicator, checkNumber, checkOptions, GanKitError, meanOverRanks } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import {
  type CallOptions,
  channelsOf,
  type LayerArgs,
  layerOptionNames,
  singleShape,
  singleTensor,
  smallestEpsilon,
} from './layer-call.ts';
import { leftSlope, type NormalizedActivation, normalizeBatch, normalizeWith } from './normalize-batch.ts';

export interface BatchNormalizationArgs extends LayerArgs {
  /** Share of the old moving average that stays at each update, 0 to 1; 0.99 when absent. (PyTorch's momentum is 1 minus this.) */
  readonly momentum?: number | undefined;
  /** Added to the variance, at least 1e-12; 1e-3 when absent, as in tf.layers. */
  readonly epsilon?: number | undefined;
  /** Whether each channel has a learned offset; true when absent. */
  readonly center?: boolean | undefined;
  /** Whether each channel has a learned scale; true when absent. */
  readonly scale?: boolean | undefined;
  /**
   * When the moving averages are updated: `when-asked` (the default) only in calls with `updateState: true`; `every-training-call`
   * in each call with `training: true` that does not say `updateState: false`, like tf.layers.
   */
  readonly movingAverages?: 'when-asked' | 'every-training-call' | undefined;
  /**
   * What follows the normalisation: `linear` (the default), `relu`, or `{ leakyRelu: slope }`. Faster here than as a layer of its own
   * on backends that have a fused kernel for it.
   */
  readonly activation?: NormalizedActivation | undefined;
  /**
   * Whether a batch that is spread over processes is normalised as one: exact, second derivatives included, for two small messages in each
   * pass and the loss of the fused kernel. False when absent: each process normalises its samples by their own statistics. The moving
   * averages are those of all processes in either case.
   */
  readonly synchronized?: boolean | undefined;
}

/**
 * In training, `scale (x - mean) / sqrt(variance + epsilon) + offset` with the batch's mean and (biased) variance over all axes but
 * the last; otherwise with their moving averages. The moving variance is fed with the unbiased variance, as in PyTorch.
 */
export class BatchNormalization extends tf.layers.Layer {
  static className = 'GanBatchNormalization';
  readonly momentum: number;
  readonly epsilon: number;
  readonly center: boolean;
  readonly scale: boolean;
  readonly movingAverages: 'when-asked' | 'every-training-call';
  readonly activation: NormalizedActivation;
  readonly synchronized: boolean;
  #gamma: tf.LayerVariable | undefined;
  #beta: tf.LayerVariable | undefined;
  #movingMean: tf.LayerVariable | undefined;
  #movingVariance: tf.LayerVariable | undefined;

  constructor(args: BatchNormalizationArgs = {}) {
    super(args);
    const { momentum = 0.99, epsilon = 1e-3, center = true, scale = true } = args;
    const { movingAverages = 'when-asked', activation = 'linear', synchronized = false } = args;
    if (typeof synchronized !== 'boolean') {
      throw new GanKitError('invalid-argument', `synchronized must be true or false, not ${String(synchronized)}.`);
    }
    checkNumber('momentum', momentum, 0, 1);
    checkNumber('epsilon', epsilon, smallestEpsilon);
    checkNumber('the slope of leakyRelu', leftSlope(activation), 0, 1);
    this.momentum = momentum;
    this.epsilon = epsilon;
    this.center = center;
    this.scale = scale;
    this.movingAverages = movingAverages;
    this.activation = activation;
    this.synchronized = synchronized;
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const shape = [channelsOf(singleShape(inputShape), this)];
    const [zeros, ones] = [tf.initializers.zeros(), tf.initializers.ones()];
    if (this.scale) this.#gamma = this.addWeight('gamma', shape, 'float32', ones);
    if (this.center) this.#beta = this.addWeight('beta', shape, 'float32', zeros);
    this.#movingMean = this.addWeight('moving_mean', shape, 'float32', zeros, undefined, false);
    this.#movingVariance = this.addWeight('moving_variance', shape, 'float32', ones, undefined, false);
    this.built = true;
  }

  override call(inputs: tf.Tensor | tf.Tensor[], options: CallOptions = {}): tf.Tensor {
    return tf.tidy(() => {
      const x = singleTensor(inputs, this);
      const normalization = {
        scale: this.#gamma?.read(),
        offset: this.#beta?.read(),
        epsilon: this.epsilon,
        slope: leftSlope(this.activation),
      };
      if (options.training !== true) {
        return normalizeWith(x, this.#movingMean!.read(), this.#movingVariance!.read(), normalization);
      }
      const { communicator } = options;
      const together = this.synchronized ? communicator : undefined;
      const { y, mean, variance } = normalizeBatch(x, { ...normalization, communicator: together });
      if (options.updateState ?? this.movingAverages === 'every-training-call') {
        const count = (x.size / mean.size) * (together?.size ?? 1);
        this.#moveAverages(mean, variance, count, this.synchronized ? undefined : communicator);
      }
      return y;
    });
  }

  /** `average = momentum average + (1 - momentum) value`, the value being the mean over processes that have one each. */
  #moveAverages(mean: tf.Tensor, variance: tf.Tensor, count: number, communicator: Communicator | undefined): void {
    const move = (average: tf.LayerVariable, value: tf.Tensor, weight: number) => {
      average.write(
        tf.add(
          tf.mul(average.read(), this.momentum),
          tf.mul(meanOverRanks(value, communicator), (1 - this.momentum) * weight),
        ),
      );
    };
    move(this.#movingMean!, mean, 1);
    move(this.#movingVariance!, variance, count > 1 ? count / (count - 1) : 1);
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape | tf.Shape[] {
    return inputShape;
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { momentum, epsilon, center, scale, movingAverages, synchronized } = this;
    const activation = typeof this.activation === 'string' ? this.activation : { ...this.activation };
    return { ...super.getConfig(), momentum, epsilon, center, scale, movingAverages, activation, synchronized };
  }
}

tf.serialization.registerClass(BatchNormalization);

/** See {@link BatchNormalization}. */
export function batchNormalization(args: BatchNormalizationArgs = {}): BatchNormalization {
  checkOptions('batchNormalization', args, {
    ...layerOptionNames,
    momentum: 'optional',
    epsilon: 'optional',
    center: 'optional',
    scale: 'optional',
    movingAverages: 'optional',
    activation: 'optional',
    synchronized: 'optional',
  });
  return new BatchNormalization(args);
}
