import { checkChoice, checkInteger, checkOptions, type Discriminator, type RandomStream } from '@gankit/core';
import { type CodeSpecification, checkCodeNames, codeLength } from '../code-specification.ts';
import type { FeatureVectorOptions } from './feature-vector.ts';
import { withHead } from './with-head.ts';

/** Options of {@link codeHead}. */
export interface CodeHeadOptions extends FeatureVectorOptions {
  /** The parts of the code. */
  readonly codes: CodeSpecification;
  /** Where the weights come from; they are drawn from a fork of it. */
  readonly random: RandomStream;
  /** Units of the layer between the feature and the outputs; 128 by default, as in the paper, 0 for none. */
  readonly hidden?: number | undefined;
  /** Whether each real number's variance is `learned` (the default) or `unit`, 1. */
  readonly variance?: 'learned' | 'unit' | undefined;
}

/**
 * A discriminator that also reads back the code from a sample (Q of InfoGAN): its head `code`, float32 [batch, outputs], holds the logits
 * of each categorical part, then the means of the real numbers, then with learned variance their log-variances. It learns by the
 * penalty `mutualInformation`, one for each player, with the same `codes` and `variance`. Other heads may stand beside it. Owns the
 * inner discriminator.
 *
 * Source: Chen et al. 2016, section 5 and appendix C.
 * @throws GanKitError `incompatible` when the inner discriminator has no features, or has the head `code` already;
 *   `invalid-argument` for an empty code.
 */
export function codeHead(inner: Discriminator, options: CodeHeadOptions): Discriminator & Disposable {
  checkOptions('codeHead', options, {
    codes: 'required',
    random: 'required',
    hidden: 'optional',
    variance: 'optional',
    pooling: 'optional',
  });
  const { codes, random, hidden = 128, variance = 'learned', pooling } = options;
  checkCodeNames('codeHead', codes);
  checkChoice('variance', variance, ['learned', 'unit']);
  checkInteger('hidden', hidden, 0);
  const outputs = codeLength(codes) + (variance === 'learned' ? (codes.continuous ?? 0) : 0);
  const widths = hidden === 0 ? [outputs] : [hidden, outputs];
  return withHead(inner, { who: 'codeHead', head: 'code', prefix: 'code-head', widths, random, pooling });
}
