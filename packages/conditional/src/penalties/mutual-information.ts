// The bound on mutual information of InfoGAN (Chen et al. 2016), for codes that are a condition.
import { checkChoice, checkOptions, GanKitError, type Penalty, type Player } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { type CodeSpecification, checkCodeNames, codeLength } from '../code-specification.ts';
import { checkVectors } from '../labels.ts';
import { type ConditionalPenaltyOptions, checkPenalty, penaltyNames, players } from './penalty-options.ts';

/** Options of {@link mutualInformation}. */
export interface MutualInformationOptions extends ConditionalPenaltyOptions {
  /** Whose objective the term joins: use it twice, the generator must encode and the head decode. */
  readonly player: Player;
  /** The parts of the code, as in the conditioning and in the head. */
  readonly codes: CodeSpecification;
  /** Whether each real number's variance is `learned` (the default) or `unit`, as in the head. */
  readonly variance?: 'learned' | 'unit' | undefined;
}

const logTwoPi = Math.log(2 * Math.PI);

/**
 * w times the sum over the parts of the code of -mean_b log q(c | G(z, c)), w = 1: cross-entropy for each categorical part, the Gaussian
 * 1/2 (log 2 pi + s + (c - m)^2 exp(-s)) for each real number, with its mean m and log-variance s from the head, or s = 0.
 *
 * The code is what `codes` draws, the `condition.vectors` of the generated samples; q is the head `code`, made by `codeHead`.
 * Source: Chen et al. 2016, equation 5.
 * @throws GanKitError `invalid-argument` for an empty code. The term throws `incompatible` without vectors, or for a head of another
 *   size.
 */
export function mutualInformation(options: MutualInformationOptions): Penalty {
  checkOptions('mutualInformation', options, {
    ...penaltyNames,
    player: 'required',
    codes: 'required',
    variance: 'optional',
  });
  const { player, codes, variance = 'learned', weight = 1, interval } = options;
  checkChoice('player', player, players);
  checkChoice('variance', variance, ['learned', 'unit']);
  checkCodeNames('mutualInformation', codes);
  const { categorical = [], continuous = 0 } = codes;
  const length = codeLength(codes);
  const outputs = length + (variance === 'learned' ? continuous : 0);
  const name = 'mutual-information';
  checkPenalty(name, options);
  return {
    name,
    player,
    weight,
    interval,
    needsHeads: ['code'],
    needsCondition: ['vectors'],
    term: ({ fakeOutput: { heads }, condition, fakeCondition = condition }) =>
      tf.tidy(() => {
        const head = heads?.['code'] as tf.Tensor2D | undefined;
        const vectors = fakeCondition?.vectors;
        if (vectors === undefined || head?.shape[1] !== outputs) {
          throw new GanKitError(
            'incompatible',
            `${name} needs vectors of ${length} numbers and a head of ${outputs} outputs, not [${vectors?.shape ?? 'none'}] and [${head?.shape ?? 'none'}]; use codes() and codeHead() with the same parts.`,
          );
        }
        const batch = head.shape[0];
        checkVectors(name, vectors, batch, length);
        const part = (of: tf.Tensor2D, from: number, size: number) => tf.slice(of, [0, from], [batch, size]);
        let from = 0;
        const terms: tf.Tensor[] = [];
        for (const choices of categorical) {
          const logProbability = tf.logSoftmax(part(head, from, choices));
          terms.push(tf.neg(tf.sum(tf.mul(part(vectors, from, choices), logProbability), 1)));
          from += choices;
        }
        if (continuous > 0) {
          const squared = tf.square(tf.sub(part(vectors, from, continuous), part(head, from, continuous)));
          if (variance === 'unit') terms.push(tf.mul(0.5, tf.sum(tf.add(squared, logTwoPi), 1)));
          else {
            const logVariance = part(head, from + continuous, continuous);
            const scaled = tf.mul(squared, tf.exp(tf.neg(logVariance)));
            terms.push(tf.mul(0.5, tf.sum(tf.add(tf.add(scaled, logVariance), logTwoPi), 1)));
          }
        }
        return tf.mean<tf.Scalar>(tf.addN(terms));
      }),
  };
}
