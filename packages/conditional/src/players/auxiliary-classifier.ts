import { checkOptions, type Discriminator, type RandomStream } from '@gankit/core';
import { checkClasses } from '../labels.ts';
import type { FeatureVectorOptions } from './feature-vector.ts';
import { withHead } from './with-head.ts';

/** Options of {@link auxiliaryClassifier}. */
export interface AuxiliaryClassifierOptions extends FeatureVectorOptions {
  /** Number of classes. */
  readonly classes: number;
  /** Where the weights come from; they are drawn from a fork of it. */
  readonly random: RandomStream;
}

/**
 * A discriminator that also classifies (AC-GAN): a dense layer on the last of the inner discriminator's features gives the head
 * `class`, float32 [batch, classes], logits. Its verdict stays as it is; it need not be told the class. The layer learns by the penalty
 * `classification`, one for each player. Other heads may stand beside it: with `codeHead` on the same discriminator, codes say what
 * varies within a class. Owns the inner discriminator.
 *
 * Source: Odena, Olah and Shlens 2017.
 * @throws GanKitError `incompatible` when the inner discriminator has no features, or has the head `class` already.
 */
export function auxiliaryClassifier(
  inner: Discriminator,
  options: AuxiliaryClassifierOptions,
): Discriminator & Disposable {
  checkOptions('auxiliaryClassifier', options, { classes: 'required', random: 'required', pooling: 'optional' });
  const { classes, random, pooling } = options;
  checkClasses(classes);
  const [who, head, prefix] = ['auxiliaryClassifier', 'class', 'classifier'];
  return withHead(inner, { who, head, prefix, widths: [classes], random, pooling });
}
