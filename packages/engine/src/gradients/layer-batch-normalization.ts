/**
 * `tf.layers.batchNormalization` reads its scale and offset in training even when it was told to have none, and crashes.
 * An absent weight reads as null here, which the operation underneath accepts.
 *
 * It also moves its averages in every training pass, so that a generator's move in an update of the discriminator. In a call with
 * `updateState: false` they stay; calls that do not say so do what they always did.
 */
import * as tf from '@tensorflow/tfjs';

const marker = Symbol.for('gankit.layer-batch-normalization');

type Average = Pick<tf.LayerVariable, 'read'> & { write(value: tf.Tensor): unknown };

interface BatchNormalizationLayer {
  movingMean: Average;
  movingVariance: Average;
  call(inputs: tf.Tensor | tf.Tensor[], options?: { readonly updateState?: boolean | undefined }): tf.Tensor;
}

/** An average that can be read and does not move. */
function still(average: Average): Average {
  return { read: () => average.read(), write: () => undefined };
}

/** Replaces `call` by one that heeds `updateState`, once. */
function heedUpdateState(prototype: BatchNormalizationLayer): void {
  if (marker in prototype) return;
  Object.defineProperty(prototype, marker, { value: true });
  const original = prototype.call;
  prototype.call = function (inputs, options) {
    if (options?.updateState !== false) return original.call(this, inputs, options);
    const { movingMean, movingVariance } = this;
    this.movingMean = still(movingMean);
    this.movingVariance = still(movingVariance);
    try {
      return original.call(this, inputs, options);
    } finally {
      this.movingMean = movingMean;
      this.movingVariance = movingVariance;
    }
  };
}

/** Gives the layer's class the weights that its instances may lack, and a way to leave its averages alone. */
export function repairLayerBatchNormalization(): void {
  const { classNameMap } = tf.serialization.SerializationMap.getMap();
  const layer = classNameMap['BatchNormalization']?.[0];
  if (layer === undefined) return;
  const absent = { read: () => null };
  for (const weight of ['gamma', 'beta']) {
    if (!(weight in layer.prototype)) Object.defineProperty(layer.prototype, weight, { value: absent, writable: true });
  }
  heedUpdateState(layer.prototype as unknown as BatchNormalizationLayer);
}
