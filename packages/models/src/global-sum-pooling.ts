// Pooling by the sum, as projection discriminators and SNGAN have it; tf.layers has only the mean and the maximum.
import * as tf from '@tensorflow/tfjs';

/** [batch, height, width, channels] to [batch, channels]: the sum over all positions. No weights. */
export class GlobalSumPooling2D extends tf.layers.Layer {
  static className = 'GlobalSumPooling2D';

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.sum(Array.isArray(inputs) ? inputs[0]! : inputs, [1, 2]);
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const [batch, , , channels] = inputShape as tf.Shape;
    return [batch!, channels!];
  }
}

tf.serialization.registerClass(GlobalSumPooling2D);
