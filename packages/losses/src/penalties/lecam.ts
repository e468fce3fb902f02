// LeCam regularisation: the discriminator's verdicts may not run away from their own past.
import { checkNumber, checkOptions, meanOverRanks, type Penalty, type Stateful } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { averagesState, movingAverage } from '../moving-average.ts';
import { type PenaltyOptions, penaltyFields, penaltyOptionNames } from './penalty-options.ts';

/** Options of {@link lecam}. */
export interface LecamOptions extends PenaltyOptions {
  /** Decay of the moving averages, from 0 to 1; 0.99 when absent. */
  readonly decay?: number | undefined;
}

/**
 * LeCam regularisation, with a_r and a_f the moving averages of the mean logits on real and generated samples:
 *
 * w [mean relu(r - a_f)^2 + mean relu(a_r - f)^2], w = 0.3.
 *
 * For small data sets. The averages move first, start at the first batch, and are constants to the gradient; they are
 * saved. Source: Tseng et al. 2021, in the form of the authors' code.
 */
export function lecam(options: LecamOptions = {}): Penalty & Stateful {
  checkOptions('lecam', options, { ...penaltyOptionNames, decay: 'optional' });
  const { decay = 0.99 } = options;
  checkNumber('decay', decay, 0, 1);
  const averageReal = movingAverage(decay);
  const averageFake = movingAverage(decay);
  return {
    ...penaltyFields('lecam', options, 0.3),
    player: 'discriminator',
    verdicts: ['logit', 'energy'],
    term: ({ real, discriminate, realOutput, fakeOutput, communicator }) =>
      tf.tidy(() => {
        const realLogits = (realOutput ?? discriminate(real)).logits;
        const fakeLogits = fakeOutput.logits;
        averageReal.update(meanOverRanks(tf.mean<tf.Scalar>(realLogits), communicator));
        averageFake.update(meanOverRanks(tf.mean<tf.Scalar>(fakeLogits), communicator));
        const realTooHigh = tf.relu(tf.sub(realLogits, averageFake.read()));
        const fakeTooLow = tf.relu(tf.sub(averageReal.read(), fakeLogits));
        return tf.add(tf.mean<tf.Scalar>(tf.square(realTooHigh)), tf.mean<tf.Scalar>(tf.square(fakeTooLow)));
      }),
    ...averagesState({ averageReal, averageFake }),
  };
}
