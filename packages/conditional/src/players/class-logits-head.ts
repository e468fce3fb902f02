// Discriminators that also say what a sample is: a head whose outputs are `classLogits`.
import { checkInteger, type Discriminator, GanKitError, type RandomStream } from '@gankit/core';
import { type CodeSpecification, codeLength } from '../code-specification.ts';
import { checkClasses } from '../labels.ts';
import { denseHead } from './dense-head.ts';
import { type FeatureVectorOptions, featureLength, featureVector } from './feature-vector.ts';
import { tidyOutput, wrapDiscriminator } from './wrapped-player.ts';

interface HeadOptions extends FeatureVectorOptions {
  readonly random: RandomStream;
}

function withHead(
  inner: Discriminator,
  who: string,
  prefix: string,
  widths: readonly number[],
  { random, pooling }: HeadOptions,
): Discriminator {
  if (inner.heads.includes('classLogits')) {
    throw new GanKitError(
      'incompatible',
      `${inner.name} has classLogits already; ${who} needs a discriminator without them.`,
    );
  }
  const head = denseHead(prefix, featureLength(who, inner, pooling), widths, random.fork(prefix));
  return wrapDiscriminator(inner, {
    name: `${prefix} ${inner.name}`,
    own: head.variables,
    heads: [...inner.heads, 'classLogits'],
    discriminate: (samples, forward) =>
      tidyOutput(() => {
        const output = inner.discriminate(samples, forward);
        return { ...output, classLogits: head.apply(featureVector(who, output, pooling)) };
      }),
  });
}

/** Options of {@link auxiliaryClassifier}. */
export interface AuxiliaryClassifierOptions extends FeatureVectorOptions {
  /** Number of classes. */
  readonly classes: number;
  /** Where the weights come from. */
  readonly random: RandomStream;
}

/**
 * A discriminator that also classifies (AC-GAN): a dense layer on the last of the inner discriminator's features gives `classLogits`,
 * [batch, classes]. Its verdict stays as it is; it need not be told the class. The layer learns by the penalty
 * `classification`, one for each player. Owns the inner discriminator.
 *
 * Source: Odena, Olah and Shlens 2017.
 * @throws GanKitError `incompatible` when the inner discriminator has no features, or has `classLogits` already.
 */
export function auxiliaryClassifier(inner: Discriminator, options: AuxiliaryClassifierOptions): Discriminator {
  checkClasses(options.classes);
  return withHead(inner, 'auxiliaryClassifier', 'classifier', [options.classes], options);
}

/** Options of {@link codeHead}. */
export interface CodeHeadOptions extends FeatureVectorOptions {
  /** The parts of the code. */
  readonly codes: CodeSpecification;
  /** Where the weights come from. */
  readonly random: RandomStream;
  /** Units of the layer between the feature and the outputs; 128 by default, as in the paper, 0 for none. */
  readonly hidden?: number;
  /** Whether each real number's variance is `learned` (the default) or `unit`, 1. */
  readonly variance?: 'learned' | 'unit';
}

/**
 * A discriminator that also reads back the code from a sample (Q of InfoGAN): `classLogits` are the logits of each categorical part,
 * then the means of the real numbers, then with learned variance their log-variances. It learns by the penalty
 * `mutualInformation`, one for each player, with the same `codes` and `variance`. Owns the inner discriminator.
 *
 * Source: Chen et al. 2016, section 5 and appendix C.
 * @throws GanKitError `incompatible` when the inner discriminator has no features, or has `classLogits` already;
 *   `invalid-argument` for an empty code.
 */
export function codeHead(inner: Discriminator, options: CodeHeadOptions): Discriminator {
  const { codes, hidden = 128, variance = 'learned' } = options;
  checkInteger('hidden', hidden, 0);
  const outputs = codeLength(codes) + (variance === 'learned' ? (codes.continuous ?? 0) : 0);
  return withHead(inner, 'codeHead', 'code-head', [...(hidden === 0 ? [] : [hidden]), outputs], options);
}
