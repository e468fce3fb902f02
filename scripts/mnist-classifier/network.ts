// A small convolutional classifier of MNIST digits, independent of every GAN: what says which digit a generated image shows.
import { decodeSafetensors, type NamedVariable, RandomStream, restoreVariable, type StoredTensor } from '@gankit/core';
import { heInitialization, initialize } from '@gankit/models';
import * as tf from '@tensorflow/tfjs';

/** A classifier of images [batch, 28, 28, 1] in [-1, 1]. */
export interface DigitClassifier {
  readonly variables: readonly NamedVariable[];
  /** Logits [batch, 10]. The caller owns them. */
  classify(images: tf.Tensor): tf.Tensor2D;
  dispose(): void;
}

const shapes = {
  'conv-0/kernel': [5, 5, 1, 24],
  'conv-0/bias': [24],
  'conv-1/kernel': [5, 5, 24, 48],
  'conv-1/bias': [48],
  'dense-0/kernel': [7 * 7 * 48, 64],
  'dense-0/bias': [64],
  'dense-1/kernel': [64, 10],
  'dense-1/bias': [10],
} as const;

/** conv 24, pool, conv 48, pool, dense 64, dense 10: about 180,000 weights. */
export function digitClassifier(random = new RandomStream('digit-classifier')): DigitClassifier {
  const weights = Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [name, tf.variable(tf.zeros([...shape]))]),
  );
  const variables = Object.entries(weights).map(([name, variable]) => ({ name, variable, trainable: true }));
  initialize(variables, heInitialization, random);
  const layer = (x: tf.Tensor, name: string) =>
    tf.maxPool(
      tf.fused.conv2d({
        x: x as tf.Tensor4D,
        filter: weights[`${name}/kernel`] as unknown as tf.Tensor4D,
        bias: weights[`${name}/bias`]!,
        strides: 1,
        pad: 'same',
        activation: 'relu',
      }),
      2,
      2,
      'valid',
    );
  const dense = (x: tf.Tensor2D, name: string) =>
    tf.add<tf.Tensor2D>(tf.matMul(x, weights[`${name}/kernel`] as unknown as tf.Tensor2D), weights[`${name}/bias`]!);
  return {
    variables,
    classify: (images) =>
      tf.tidy(() => {
        const features = layer(layer(images, 'conv-0'), 'conv-1');
        return dense(tf.relu(dense(features.reshape([images.shape[0]!, -1]), 'dense-0')), 'dense-1');
      }),
    dispose: () => tf.dispose(variables.map(({ variable }) => variable)),
  };
}

/** The classifier with weights that `train.ts` saved. */
export function restoredClassifier(bytes: Uint8Array, path: string): DigitClassifier {
  const classifier = digitClassifier();
  const tensors: Record<string, StoredTensor> = decodeSafetensors(bytes, path).tensors;
  for (const { name, variable } of classifier.variables) restoreVariable(variable, tensors[name], name);
  return classifier;
}
