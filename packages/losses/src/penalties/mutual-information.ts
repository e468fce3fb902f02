// InfoGAN: the latent's code can be read back from the sample.
import { checkInteger, GanKitError, type Penalty, type Player } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { type PenaltyOptions, penaltyFields } from './penalty-options.ts';

/** One part of the code. */
export type LatentCode =
  /** A one-hot choice: `size` numbers in the latent, `size` logits in the head. */
  | { readonly type: 'categorical'; readonly size: number }
  /** `size` real numbers; the head gives their means, and their log-variances too when `learnVariance` is set (else 1). */
  | { readonly type: 'gaussian'; readonly size: number; readonly learnVariance?: boolean };

/** Options of {@link mutualInformation}. */
export interface MutualInformationOptions extends PenaltyOptions {
  /** Whose objective the term joins. InfoGAN needs one of each: the generator must encode, the head must decode. */
  readonly player: Player;
  /** The parts of the code: they are the last numbers of the latent vector, in this order, and the head's outputs likewise. */
  readonly codes: readonly LatentCode[];
}

const outputsOf = (code: LatentCode) =>
  code.type === 'gaussian' && code.learnVariance === true ? 2 * code.size : code.size;

/** -mean_b log q(c | x) of one part. */
function negativeLogLikelihood(code: LatentCode, values: tf.Tensor2D, head: tf.Tensor2D): tf.Scalar {
  if (code.type === 'categorical') return tf.neg(tf.mean<tf.Scalar>(tf.sum(tf.mul(values, tf.logSoftmax(head)), 1)));
  const means = tf.slice(head, [0, 0], [-1, code.size]);
  const squared = tf.square(tf.sub(values, means));
  const constant = Math.log(2 * Math.PI);
  if (code.learnVariance !== true) return tf.mean<tf.Scalar>(tf.mul(0.5, tf.sum(tf.add(squared, constant), 1)));
  const logVariance = tf.slice(head, [0, code.size], [-1, code.size]);
  const each = tf.add(tf.add(logVariance, tf.mul(squared, tf.exp(tf.neg(logVariance)))), constant);
  return tf.mean<tf.Scalar>(tf.mul(0.5, tf.sum(each, 1)));
}

/**
 * The variational bound of InfoGAN: w times the sum over the code's parts of -mean_b log q(c | G(z)), w = 1.
 *
 * q is read from the discriminator's `classLogits` head on generated samples. Use it twice, once for each player: the
 * gradient must reach the head (part of the discriminator) and the generator. Source: Chen et al. 2016, section 5.
 */
export function mutualInformation(options: MutualInformationOptions): Penalty {
  const { player, codes } = options;
  if (codes.length === 0) throw new GanKitError('invalid-argument', 'mutualInformation needs at least one code.');
  for (const code of codes) checkInteger(`size of a ${code.type} code`, code.size);
  const latentSize = codes.reduce((sum, code) => sum + code.size, 0);
  const headSize = codes.reduce((sum, code) => sum + outputsOf(code), 0);
  return {
    ...penaltyFields('mutual-information', options, 1),
    player,
    needsHeads: ['classLogits'],
    needsLatent: true,
    term: ({ latent, fakeOutput }) =>
      tf.tidy(() => {
        const head = fakeOutput.classLogits;
        const [batch = 1, length = 0] = latent?.shape ?? [];
        if (latent?.rank !== 2 || length < latentSize || head?.shape[1] !== headSize) {
          throw new GanKitError(
            'incompatible',
            `mutual-information needs latent vectors of at least ${latentSize} numbers, not [${latent?.shape ?? 'none'}], ` +
              `and a head of ${headSize} outputs, not [${head?.shape ?? 'none'}].`,
          );
        }
        let fromLatent = length - latentSize;
        let fromHead = 0;
        const terms = codes.map((code) => {
          const values = tf.slice(latent as tf.Tensor2D, [0, fromLatent], [batch, code.size]);
          const outputs = tf.slice(head, [0, fromHead], [batch, outputsOf(code)]);
          fromLatent += code.size;
          fromHead += outputsOf(code);
          return negativeLogLikelihood(code, values, outputs);
        });
        return tf.addN(terms) as tf.Scalar;
      }),
  };
}
