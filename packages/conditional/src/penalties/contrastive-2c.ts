// The conditional contrastive loss of ContraGAN (Kang and Park 2020).
import {
  checkChoice,
  checkNumber,
  checkOptions,
  conditionOf,
  conditionTensors,
  GanKitError,
  gatherRows,
  type Penalty,
  type Player,
} from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import type { ContrastiveDiscriminator, ContrastiveEmbeddings } from '../players/contrastive-discriminator.ts';
import { type ConditionalPenaltyOptions, checkPenalty, penaltyNames, players } from './penalty-options.ts';

/** Options of {@link contrastive2C}. */
export interface Contrastive2COptions extends ConditionalPenaltyOptions {
  /** Whose objective the term joins: use it twice, once for each player. */
  readonly player: Player;
  /** The discriminator whose embeddings are compared. */
  readonly discriminator: Pick<ContrastiveDiscriminator, 'embeddings'>;
  /** t, above 0; 1 by default. */
  readonly temperature?: number | undefined;
}

/** Added to what does not belong to a sum within a logarithm: exp of it is 0 beside any term that belongs. */
const excluded = -1e9;

function contrast({ samples, classes, agreement }: ContrastiveEmbeddings, temperature: number): tf.Scalar {
  const batch = samples.shape[0];
  const toClass = tf.div<tf.Tensor2D>(tf.sum(tf.mul(samples, classes), 1, true), temperature);
  const toSamples = tf.div<tf.Tensor2D>(tf.matMul(samples, samples, false, true), temperature);
  const itself = tf.eye(batch);
  const others = tf.mul(itself, excluded);
  // log of the weight with which sample k belongs to the positives of i: 0 for the same class.
  const same = tf.mul(agreement, tf.sub(1, itself));
  const positives = tf.where(tf.greater(same, 0), tf.log(tf.maximum(same, 1e-30)), tf.fill([batch, batch], excluded));
  const logSum = (among: tf.Tensor) => tf.logSumExp(tf.concat([toClass, tf.add<tf.Tensor2D>(toSamples, among)], 1), 1);
  return tf.mean<tf.Scalar>(tf.sub(logSum(others), logSum(positives)));
}

/**
 * The 2C loss: w mean_i of
 *
 * -log [ (exp(l_i e_i / t) + sum_{k != i, y_k = y_i} exp(l_i l_k / t)) / (exp(l_i e_i / t) + sum_{k != i} exp(l_i l_k / t)) ], w = 1,
 *
 * with l_i the embedding of sample i and e_i that of its class, both of length 1. The discriminator's term is on real samples, the
 * generator's on generated ones. 0 for a batch of one class.
 *
 * The class itself is one term beside those of all samples of the class in the batch: with many of them, the generator may learn to
 * separate the classes under each other's names. Few samples of each class in a batch (many classes, or small batches with balanced
 * labels) or a projection as well keep the names right.
 *
 * Source: Kang and Park 2020, equation 8.
 * @throws GanKitError `invalid-argument` for a temperature that is not above 0. The term throws `incompatible` when it is told no class.
 */
export function contrastive2C(options: Contrastive2COptions): Penalty {
  checkOptions('contrastive2C', options, {
    ...penaltyNames,
    player: 'required',
    discriminator: 'required',
    temperature: 'optional',
  });
  const { player, discriminator, temperature = 1, weight = 1, interval } = options;
  checkChoice('player', player, players);
  checkPenalty('contrastive-2c', options);
  checkNumber('temperature', temperature, Number.MIN_VALUE);
  return {
    name: 'contrastive-2c',
    player,
    weight,
    interval,
    needsHeads: ['features'],
    needsCondition: ['class'],
    term: ({ realOutput, fakeOutput, condition, fakeCondition = condition, communicator }) =>
      tf.tidy(() => {
        const output = player === 'generator' ? fakeOutput : realOutput;
        if (output === undefined) {
          throw new GanKitError('incompatible', "contrastive-2c needs the discriminator's outputs on real samples.");
        }
        const told = conditionTensors(player === 'generator' ? fakeCondition : condition);
        const whole = (tensor: tf.Tensor) => gatherRows(tensor, communicator);
        // Samples are compared with those of all processes; images that are told besides the class stay where they are.
        const { labels, vectors } = told;
        const all = conditionOf({
          ...(labels && { labels: whole(labels) }),
          ...(vectors && { vectors: whole(vectors) }),
        });
        const features = output.features?.slice(-1).map(whole);
        return contrast(discriminator.embeddings({ ...output, features }, all), temperature);
      }),
  };
}
