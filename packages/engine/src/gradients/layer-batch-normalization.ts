/**
 * `tf.layers.batchNormalization` reads its scale and offset in training even when it was told to have none, and crashes.
 * An absent weight reads as null here, which the operation underneath accepts.
 */
import * as tf from '@tensorflow/tfjs';

/** Gives the layer's class the weights that its instances may lack. */
export function repairLayerBatchNormalization(): void {
  const { classNameMap } = tf.serialization.SerializationMap.getMap();
  const layer = classNameMap['BatchNormalization']?.[0];
  if (layer === undefined) return;
  const absent = { read: () => null };
  for (const weight of ['gamma', 'beta']) {
    if (!(weight in layer.prototype)) Object.defineProperty(layer.prototype, weight, { value: absent, writable: true });
  }
}
