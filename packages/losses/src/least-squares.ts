// LSGAN: regression onto labels, with a gradient that grows with the distance.
import { type AdversarialLoss, checkNumber, checkOptions } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { type LabelOptions, labelOptionNames, makeLabels } from './labels.ts';

/** Options of {@link leastSquares}. */
export interface LeastSquaresOptions extends LabelOptions {
  /** a, the discriminator's label for generated samples; 0 when absent. */
  readonly fakeLabel?: number | undefined;
  /** b, the discriminator's label for real samples; 1 when absent. */
  readonly realLabel?: number | undefined;
  /** c, what the generator wants the discriminator to answer; 1 when absent. */
  readonly generatorLabel?: number | undefined;
}

/**
 * The least-squares loss, a = 0, b = c = 1:
 *
 * L_D = 1/2 [mean (r - b)^2 + mean (f - a)^2], L_G = 1/2 mean (f - c)^2.
 *
 * a = -1, b = 1, c = 0 minimises the Pearson chi^2 divergence. The best output lies between a and b: it is read with the midpoint of
 * the labels, 0.5 by default, and real samples belong below it when b < a. Source: Mao et al. 2017, equations 2, 8 and 9.
 *
 * @throws GanKitError `invalid-argument` for labels that are not finite, numbers outside 0 to 1, or flipping without a random stream;
 *   `unknown-name` for a smoothing that does not exist.
 */
export function leastSquares(options: LeastSquaresOptions = {}): AdversarialLoss {
  checkOptions('leastSquares', options, {
    ...labelOptionNames,
    fakeLabel: 'optional',
    realLabel: 'optional',
    generatorLabel: 'optional',
  });
  const { fakeLabel = 0, realLabel = 1, generatorLabel = 1 } = options;
  checkNumber('fakeLabel', fakeLabel);
  checkNumber('realLabel', realLabel);
  checkNumber('generatorLabel', generatorLabel);
  const labels = makeLabels(options, realLabel, fakeLabel);
  const halfSquare = (logits: tf.Tensor, label: number | tf.Tensor) =>
    tf.mul<tf.Scalar>(tf.mean(tf.square(tf.sub(logits, label))), 0.5);
  return {
    name: 'least-squares',
    decision: labels.decision,
    discriminatorLoss: ({ real, fake }) =>
      tf.tidy(() =>
        tf.add(
          halfSquare(real.logits, labels.targets('real', real.logits)),
          halfSquare(fake.logits, labels.targets('fake', fake.logits)),
        ),
      ),
    generatorLoss: ({ fake }) => tf.tidy(() => halfSquare(fake.logits, generatorLabel)),
    ...labels.state,
  };
}
