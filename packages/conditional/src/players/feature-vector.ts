// The activation that a discriminator's verdict is read from, as one vector for each sample: what heads stand on.
import { checkChoice, type Discriminator, type DiscriminatorOutput, GanKitError } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';

/** What becomes of the last feature when it is a map: its sum or mean over all positions, or all of it as one long vector. */
export type Pooling = 'sum' | 'mean' | 'flatten';

/** Where a head stands. */
export interface FeatureVectorOptions {
  /**
   * What becomes of the discriminator's last feature when it is a map [batch, height, width, channels]: its `sum` over all positions
   * (the default, as in Miyato and Koyama 2018), its `mean`, or `flatten`. A feature [batch, length] is taken as it is.
   */
  readonly pooling?: Pooling | undefined;
}

/**
 * The last of the output's features as float32 [batch, length].
 * @param who The part that reads it, for the error's sentence.
 * @throws GanKitError `incompatible` when there are no features.
 */
export function featureVector(who: string, { features }: DiscriminatorOutput, pooling: Pooling = 'sum'): tf.Tensor2D {
  const last = features?.at(-1);
  if (last === undefined) {
    throw new GanKitError('incompatible', `${who} reads the discriminator's last feature, and there are none.`);
  }
  if (last.rank === 2) return last as tf.Tensor2D;
  if (pooling === 'flatten') return tf.reshape(last, [last.shape[0]!, -1]);
  const positions = last.shape.slice(1, -1).map((_, index) => index + 1);
  return (pooling === 'sum' ? tf.sum(last, positions) : tf.mean(last, positions)) as tf.Tensor2D;
}

/**
 * How long the feature vector is: found out by one pass of one sample of zeros, labelled 0.
 * @throws GanKitError `incompatible` when the discriminator has no features, or must be told vectors or images, whose size nobody
 *   knows here; `unknown-name` for another pooling.
 */
export function featureLength(who: string, inner: Discriminator, pooling: Pooling = 'sum'): number {
  checkChoice('pooling', pooling, ['sum', 'mean', 'flatten']);
  if (!inner.heads.includes('features')) {
    throw new GanKitError(
      'incompatible',
      `${who} reads the discriminator's last feature, and ${inner.name} has none; name one in the options of the discriminator.`,
    );
  }
  const told = inner.needs?.find((need) => need === 'vectors' || need === 'images');
  if (told !== undefined) {
    throw new GanKitError(
      'incompatible',
      `${who} cannot stand around ${inner.name}, which is told ${told}; wrap the discriminator in ${who} first.`,
      { value: told },
    );
  }
  let length = 0;
  tf.tidy(() => {
    const condition = { labels: tf.zeros<tf.Rank.R1>([1], 'int32') };
    const output = inner.discriminate(tf.zeros([1, ...inner.inputShape]), { training: false, condition });
    length = featureVector(who, output, pooling).shape[1];
  });
  return length;
}
