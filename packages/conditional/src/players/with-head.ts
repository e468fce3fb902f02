// What every head of a discriminator has in common: dense layers on its last feature, whose outputs have a name of their own.
import { type Discriminator, GanKitError, type RandomStream, tidyOutput, wrapDiscriminator } from '@gankit/core';
import { denseHead } from './dense-head.ts';
import { type FeatureVectorOptions, featureLength, featureVector } from './feature-vector.ts';

/** A head and where it stands. */
export interface HeadOptions extends FeatureVectorOptions {
  /** The function that adds it, for the sentences of errors. */
  readonly who: string;
  /** Its name among the outputs. */
  readonly head: string;
  /** What the names of its variables begin with. */
  readonly prefix: string;
  /** Units of each layer, at least one; the last are the outputs. */
  readonly widths: readonly number[];
  /** Where the weights come from; they are drawn from a fork of it that is called after the prefix. */
  readonly random: RandomStream;
}

/**
 * A discriminator with one head more; heads of different names stand beside each other. Owns the inner discriminator.
 * @throws GanKitError `incompatible` when the inner discriminator has no features, or has this head already.
 */
export function withHead(inner: Discriminator, options: HeadOptions): Discriminator & Disposable {
  const { who, head, prefix, widths, random, pooling } = options;
  if (inner.heads.includes(head)) {
    throw new GanKitError(
      'incompatible',
      `${inner.name} has the head '${head}' already; leave out one of the two ${who}.`,
      { value: head },
    );
  }
  const layers = denseHead(prefix, featureLength(who, inner, pooling), widths, random.fork(prefix));
  return wrapDiscriminator(inner, {
    name: `${prefix} ${inner.name}`,
    own: layers.variables,
    heads: [...inner.heads, head],
    discriminate: (samples, forward) =>
      tidyOutput(() => {
        const output = inner.discriminate(samples, forward);
        return { ...output, heads: { ...output.heads, [head]: layers.apply(featureVector(who, output, pooling)) } };
      }),
  });
}
