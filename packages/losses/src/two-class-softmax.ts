// The discriminator as an ordinary classifier with two units: real (unit 0) and generated (unit 1).
import { type AdversarialLoss, checkBatch, checkOptions } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { type LabelOptions, labelOptionNames, makeLabels } from './labels.ts';
import { logisticDecision } from './logistic.ts';

/** Cross-entropy of softmax(logits) with the probability `real` of class 0, mean over the batch. */
function crossEntropy(logits: tf.Tensor, real: number | tf.Tensor): tf.Scalar {
  checkBatch("two-class-softmax's logits", logits, [2]);
  const logProbabilities = tf.logSoftmax(logits as tf.Tensor2D);
  const [ofReal, ofFake] = tf.split(logProbabilities, 2, 1);
  const likelihood = tf.add(tf.mul(ofReal!, real), tf.mul(ofFake!, tf.sub(1, real)));
  return tf.neg(tf.mean<tf.Scalar>(likelihood));
}

/**
 * The two-class softmax loss, for logits of shape [batch, 2] with unit 0 for real and unit 1 for generated:
 *
 * L_D = CE(r, real) + CE(f, generated), L_G = CE(f, real).
 *
 * The same game as {@link nonSaturating} on the difference of the two logits, in the form of the first Chainer DCGAN.
 *
 * @throws GanKitError `invalid-argument` for numbers outside 0 to 1, or flipping without a random stream; `unknown-name` for a
 *   smoothing that does not exist. The losses throw `invalid-shape` when the logits are not [batch, 2].
 */
export function twoClassSoftmax(options: LabelOptions = {}): AdversarialLoss {
  checkOptions('twoClassSoftmax', options, labelOptionNames);
  const labels = makeLabels(options);
  return {
    name: 'two-class-softmax',
    verdict: 'two-class',
    decision: logisticDecision(labels),
    probabilities: true,
    discriminatorLoss: ({ real, fake }) =>
      tf.tidy(() =>
        tf.add(
          crossEntropy(real.logits, labels.targets('real', real.logits)),
          crossEntropy(fake.logits, labels.targets('fake', fake.logits)),
        ),
      ),
    generatorLoss: ({ fake }) => tf.tidy(() => crossEntropy(fake.logits, 1)),
    ...labels.state,
  };
}
