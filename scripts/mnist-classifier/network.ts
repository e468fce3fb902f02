// The classifier of MNIST digits while it is trained. What it looks like stands with the extractor that is made of it.
import { type NamedVariable, RandomStream } from '@gankit/core';
import { heInitialization, initialize } from '@gankit/models';
import * as tf from '@tensorflow/tfjs';
import {
  classifyDigits,
  type DigitClassifierWeights,
  digitClassifierShapes,
} from '../../packages/metrics/src/extractors/digits/digit-classifier.ts';

/** A classifier of images [batch, 28, 28, 1] in [-1, 1]. */
export interface DigitClassifier {
  readonly variables: readonly NamedVariable[];
  /** Logits [batch, 10]. The caller owns them. */
  classify(images: tf.Tensor): tf.Tensor2D;
  /** Activations of the last hidden layer [batch, 64]. The caller owns them. */
  features(images: tf.Tensor): tf.Tensor2D;
  dispose(): void;
}

export function digitClassifier(random = new RandomStream('digit-classifier')): DigitClassifier {
  const weights = Object.fromEntries(
    Object.entries(digitClassifierShapes).map(([name, shape]) => [name, tf.variable(tf.zeros([...shape]))]),
  );
  const variables = Object.entries(weights).map(([name, variable]) => ({ name, variable, trainable: true }));
  initialize(variables, heInitialization, random);
  const run = (images: tf.Tensor) =>
    classifyDigits(weights as unknown as DigitClassifierWeights, images as tf.Tensor4D);
  return {
    variables,
    classify: (images) => tf.tidy(() => run(images).logits),
    features: (images) => tf.tidy(() => run(images).features),
    dispose: () => tf.dispose(variables.map(({ variable }) => variable)),
  };
}
