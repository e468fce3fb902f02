// The auxiliary classifier's term of AC-GAN (Odena, Olah and Shlens 2017).
import {
  type Communicator,
  type Condition,
  checkChoice,
  checkNumber,
  checkOptions,
  type DiscriminatorOutput,
  GanKitError,
  meanOverRanks,
  type Penalty,
  type Player,
} from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { classWeights as weightsOf } from '../labels.ts';
import { type ConditionalPenaltyOptions, checkPenalty, penaltyNames, players } from './penalty-options.ts';

/** Options of {@link classification}. */
export interface ClassificationOptions extends ConditionalPenaltyOptions {
  /** Whose objective the term joins: use it twice, once for each player. */
  readonly player: Player;
  /**
   * What the discriminator's classifier learns from: `real-and-generated` (the default, as in the paper) or `real` alone, so that bad
   * fakes do not teach it. The generator's term is always on generated samples.
   */
  readonly learnsFrom?: 'real-and-generated' | 'real' | undefined;
  /** How much a sample of each class counts, for classes of unequal size; the same for all when absent. */
  readonly classWeights?: readonly number[] | undefined;
}

/** sum_i w_i CE_i / sum_i w_i with w_i the weight of the sample's class, as PyTorch's weighted cross-entropy. */
function crossEntropy(
  { heads }: DiscriminatorOutput,
  condition: Condition | undefined,
  classWeights: readonly number[] | undefined,
  communicator: Communicator | undefined,
): tf.Scalar {
  const logits = heads?.['class'] as tf.Tensor2D | undefined;
  if (logits === undefined) {
    throw new GanKitError(
      'incompatible',
      "classification needs a discriminator with the head 'class', such as auxiliaryClassifier.",
    );
  }
  const [batch, classes] = logits.shape;
  if (classWeights !== undefined && classWeights.length !== classes) {
    throw new GanKitError(
      'incompatible',
      `classification has ${classWeights.length} class weights, but the discriminator knows ${classes} classes.`,
      { value: classWeights.length },
    );
  }
  const target = weightsOf('classification', condition, classes, batch);
  const each = tf.neg(tf.sum(tf.mul(target, tf.logSoftmax(logits)), 1));
  if (classWeights === undefined) return tf.mean<tf.Scalar>(each);
  const counts = tf.sum(tf.mul(target, tf.tensor1d([...classWeights])), 1);
  // The smallest normal float32: a batch of classes that do not count has no term, rather than 0/0.
  const total = (of: tf.Tensor) => meanOverRanks(tf.sum<tf.Scalar>(of), communicator);
  return tf.div<tf.Scalar>(total(tf.mul(each, counts)), tf.maximum(total(counts), 1.1754944e-38));
}

/**
 * Cross-entropy of the auxiliary classifier with the classes that samples have, or were to have:
 *
 * discriminator: w (CE(real) + CE(generated)); generator: w CE(generated); w = 1.
 *
 * Reads the discriminator's head `class`, and of each kind of samples what was said of them: labels, or class weights in `vectors`
 * where there are no labels. (Beside labels, `vectors` may hold anything, such as InfoGAN's codes.)
 * Source: Odena, Olah and Shlens 2017, equations 2 and 3.
 * @throws GanKitError `invalid-argument` for a class weight below 0. The term throws `incompatible` when it is told no class.
 */
export function classification(options: ClassificationOptions): Penalty {
  checkOptions('classification', options, {
    ...penaltyNames,
    player: 'required',
    learnsFrom: 'optional',
    classWeights: 'optional',
  });
  const { player, learnsFrom = 'real-and-generated', classWeights, weight = 1, interval } = options;
  checkChoice('player', player, players);
  checkChoice('learnsFrom', learnsFrom, ['real-and-generated', 'real']);
  checkPenalty('classification', options);
  classWeights?.forEach((weight, label) => {
    checkNumber(`classWeights[${label}]`, weight, 0);
  });
  return {
    name: 'classification',
    player,
    weight,
    interval,
    needsHeads: ['class'],
    needsCondition: ['class'],
    term: ({ realOutput, fakeOutput, condition, fakeCondition = condition, communicator }) =>
      tf.tidy(() => {
        const onFake = () => crossEntropy(fakeOutput, fakeCondition, classWeights, communicator);
        if (player === 'generator') return onFake();
        if (realOutput === undefined) {
          throw new GanKitError('incompatible', "classification needs the discriminator's outputs on real samples.");
        }
        const onReal = crossEntropy(realOutput, condition, classWeights, communicator);
        return learnsFrom === 'real' ? onReal : tf.add<tf.Scalar>(onReal, onFake());
      }),
  };
}
