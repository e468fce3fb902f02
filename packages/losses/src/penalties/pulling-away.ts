// The pulling-away term: samples of one batch should look different to the discriminator.
import { checkOptions, GanKitError, gatherRows, type Penalty } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { type PenaltyOptions, penaltyFields, penaltyOptionNames } from './penalty-options.ts';

/** Keeps the cosine finite for features that are all zero. */
const epsilon = 1e-8;

/**
 * Pulling-away term, with S the discriminator's last features of the generated batch, one row per sample:
 *
 * w / (B (B - 1)) sum_i sum_{j != i} cos^2(S_i, S_j), w = 0.1; 0 for a batch of one.
 *
 * Made for {@link ebgan}, works with every discriminator that has the `features` head.
 * Source: Zhao, Mathieu and LeCun 2017, equation 4.
 */
export function pullingAway(options: PenaltyOptions = {}): Penalty {
  checkOptions('pullingAway', options, penaltyOptionNames);
  return {
    ...penaltyFields('pulling-away', options, 0.1),
    player: 'generator',
    needsHeads: ['features'],
    term: ({ fakeOutput, communicator }) =>
      tf.tidy(() => {
        const own = fakeOutput.features?.at(-1);
        if (own === undefined) {
          throw new GanKitError('incompatible', 'pulling-away needs a discriminator with features.');
        }
        const features = gatherRows(own, communicator);
        const batch = features.shape[0] ?? 1;
        const rows = features.reshape<tf.Tensor2D>([batch, -1]);
        const unit = tf.div(rows, tf.sqrt(tf.add(tf.sum(tf.square(rows), 1, true), epsilon)));
        const cosines = tf.matMul(unit, unit, false, true) as tf.Tensor2D;
        const offDiagonal = tf.sub(1, tf.eye(batch));
        const pairs = Math.max(batch * (batch - 1), 1);
        return tf.div<tf.Scalar>(tf.sum(tf.mul(tf.square(cosines), offDiagonal)), pairs);
      }),
  };
}
