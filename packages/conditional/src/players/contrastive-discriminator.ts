// The discriminator of ContraGAN: samples and classes as points on one sphere.
import {
  type Condition,
  checkInteger,
  checkOptions,
  type Discriminator,
  type DiscriminatorOutput,
  type RandomStream,
  wrapDiscriminator,
} from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { checkClasses, classWeights } from '../labels.ts';
import { denseHead } from './dense-head.ts';
import { type FeatureVectorOptions, featureLength, featureVector } from './feature-vector.ts';
import { labelEmbedding } from './label-embedding.ts';

/** Options of {@link contrastiveDiscriminator}. */
export interface ContrastiveDiscriminatorOptions extends FeatureVectorOptions {
  /** Number of classes. */
  readonly classes: number;
  /** Where the weights come from; they are drawn from a fork of it. */
  readonly random: RandomStream;
  /** Numbers in an embedding; 128 by default. */
  readonly size?: number | undefined;
}

/** Samples and their classes as vectors of length 1, on the tape of the output. */
export interface ContrastiveEmbeddings {
  /** l(x): float32 [batch, size]. */
  readonly samples: tf.Tensor2D;
  /** e(y): float32 [batch, size]. */
  readonly classes: tf.Tensor2D;
  /** Whether two samples are of the same class: 1 or 0, float32 [batch, batch]. */
  readonly agreement: tf.Tensor2D;
}

/** A discriminator that the penalty `contrastive2C` can look into. */
export interface ContrastiveDiscriminator extends Discriminator {
  /**
   * Embeds what the discriminator said of samples, and their classes. Run it inside a `tf.tidy`.
   * @param output Of this discriminator, also through wrappers around it.
   * @throws GanKitError `incompatible` when the condition does not tell the class.
   */
  embeddings(output: DiscriminatorOutput, condition: Condition | undefined): ContrastiveEmbeddings;
}

/** Keeps directions finite for vectors of zeros. */
const epsilon = 1e-12;

/** Rows at length 1. */
function unitRows(rows: tf.Tensor2D): tf.Tensor2D {
  return tf.div(rows, tf.sqrt(tf.add(tf.sum(tf.square(rows), 1, true), epsilon)));
}

/**
 * A discriminator with an embedding of samples (a dense layer on the last of the inner discriminator's features) and one of classes (a
 * table), both on the unit sphere. Its outputs stay as they are; the embeddings learn by the penalty `contrastive2C`, which
 * takes this discriminator as an option, one for each player. Owns the inner discriminator.
 *
 * Source: Kang and Park 2020 (ContraGAN), section 3.
 * @throws GanKitError `incompatible` when the inner discriminator has no features.
 */
export function contrastiveDiscriminator(
  inner: Discriminator,
  options: ContrastiveDiscriminatorOptions,
): ContrastiveDiscriminator {
  const who = 'contrastiveDiscriminator';
  checkOptions(who, options, { classes: 'required', random: 'required', size: 'optional', pooling: 'optional' });
  const { classes, random, size = 128, pooling } = options;
  checkClasses(classes);
  checkInteger('size', size);
  const length = featureLength(who, inner, pooling);
  const table = labelEmbedding(classes, { size, random: random.fork('contrastive') });
  const head = denseHead('contrastive', length, [size], random.fork('contrastive'));
  const [rows] = table.variables;
  const wrapped = wrapDiscriminator(inner, {
    name: `contrastive ${inner.name}`,
    needs: ['class'],
    own: [...head.variables, { ...rows!, name: 'contrastive.class-embedding' }],
    discriminate: (samples, forward) => inner.discriminate(samples, forward),
  });
  return Object.assign(wrapped, {
    embeddings(output: DiscriminatorOutput, condition: Condition | undefined): ContrastiveEmbeddings {
      const h = featureVector(who, output, pooling);
      const weights = classWeights(wrapped.name, condition, classes, h.shape[0]);
      return {
        samples: unitRows(head.apply(h)),
        classes: unitRows(table.embed(weights)),
        agreement: tf.matMul(weights, weights, false, true),
      };
    },
  });
}
