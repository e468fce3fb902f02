// The network that tells digits apart: what its trainer and the extractor share.
import * as tf from '@tensorflow/tfjs';

/** The shape of each weight, in the order that they are stored in. */
export const digitClassifierShapes = {
  'conv-0/kernel': [5, 5, 1, 24],
  'conv-0/bias': [24],
  'conv-1/kernel': [5, 5, 24, 48],
  'conv-1/bias': [48],
  'dense-0/kernel': [7 * 7 * 48, 64],
  'dense-0/bias': [64],
  'dense-1/kernel': [64, 10],
  'dense-1/bias': [10],
} as const;

export type DigitClassifierWeights = Readonly<Record<keyof typeof digitClassifierShapes, tf.Tensor>>;

/**
 * conv 24, pool, conv 48, pool, dense 64, dense 10: about 180,000 weights.
 * @param images float32 [batch, 28, 28, 1] in [-1, 1].
 * @returns The activations of the last hidden layer [batch, 64], at least 0, and the logits [batch, 10]; the caller owns both.
 */
export function classifyDigits(
  weights: DigitClassifierWeights,
  images: tf.Tensor4D,
): { readonly features: tf.Tensor2D; readonly logits: tf.Tensor2D } {
  const layer = (x: tf.Tensor4D, name: 'conv-0' | 'conv-1') =>
    tf.maxPool(
      tf.fused.conv2d({
        x,
        filter: weights[`${name}/kernel`] as tf.Tensor4D,
        bias: weights[`${name}/bias`],
        strides: 1,
        pad: 'same',
        activation: 'relu',
      }),
      2,
      2,
      'valid',
    );
  const dense = (x: tf.Tensor2D, name: 'dense-0' | 'dense-1') =>
    tf.add<tf.Tensor2D>(tf.matMul(x, weights[`${name}/kernel`] as tf.Tensor2D), weights[`${name}/bias`]);
  return tf.tidy(() => {
    const maps = layer(layer(images, 'conv-0'), 'conv-1');
    const features = tf.relu(dense(maps.reshape([images.shape[0], -1]), 'dense-0'));
    return { features, logits: dense(features, 'dense-1') };
  });
}
