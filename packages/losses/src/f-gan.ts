// The f-GAN family: any f-divergence between data and generator, bounded from below by the discriminator.
import { type AdversarialLoss, unknownNameError } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';

/** The divergences of {@link fGan}. */
export const divergences = ['kl', 'reverse-kl', 'pearson', 'squared-hellinger', 'jensen-shannon'] as const;

export type Divergence = (typeof divergences)[number];

/** Options of {@link fGan}. */
export interface FGanOptions {
  /** Which divergence: Kullback-Leibler, its reverse, Pearson chi^2, squared Hellinger or Jensen-Shannon; `kl` when absent. */
  readonly divergence?: Divergence;
  /**
   * What the generator minimises. `alternative` (default): -mean g(f), section 3.2, whose gradient does not vanish early.
   * `original`: -mean f*(g(f)), the bound itself.
   */
  readonly generatorObjective?: 'alternative' | 'original';
}

/** Above this the exponential goes on as its tangent, since e^89 overflows float32; no trained logit comes near it. */
const largestExponent = 40;

/** e^v, continued as a straight line above 40. */
function boundedExp(v: tf.Tensor): tf.Tensor {
  const excess = tf.relu(tf.sub(v, largestExponent));
  return tf.mul(tf.exp(tf.sub(v, excess)), tf.add(excess, 1));
}

/** The output activation g and the conjugate f* after it, of the paper's tables 2 and 6, simplified so as not to overflow. */
interface Variational {
  activation(v: tf.Tensor): tf.Tensor;
  conjugate(v: tf.Tensor): tf.Tensor;
}

const table: Readonly<Record<Divergence, Variational>> = {
  // g = v, f*(t) = exp(t - 1)
  kl: { activation: (v) => v, conjugate: (v) => boundedExp(tf.sub(v, 1)) },
  // g = -exp(-v), f*(t) = -1 - log(-t), so f*(g(v)) = v - 1
  'reverse-kl': { activation: (v) => tf.neg(boundedExp(tf.neg(v))), conjugate: (v) => tf.sub(v, 1) },
  // g = v, f*(t) = t^2/4 + t
  pearson: { activation: (v) => v, conjugate: (v) => tf.add(tf.mul(tf.square(v), 0.25), v) },
  // g = 1 - exp(-v), f*(t) = t / (1 - t), so f*(g(v)) = exp(v) - 1
  'squared-hellinger': {
    activation: (v) => tf.sub(1, boundedExp(tf.neg(v))),
    conjugate: (v) => tf.sub(boundedExp(v), 1),
  },
  // g = log 2 - sp(-v), f*(t) = -log(2 - exp(t)), so f*(g(v)) = sp(v) - log 2
  'jensen-shannon': {
    activation: (v) => tf.sub(Math.LN2, tf.softplus(tf.neg(v))),
    conjugate: (v) => tf.sub(tf.softplus(v), Math.LN2),
  },
};

/**
 * The variational loss of an f-divergence, with g its output activation and f* its convex conjugate:
 *
 * L_D = -mean g(r) + mean f*(g(f)), L_G = -mean g(f), or -mean f*(g(f)) with the original objective.
 *
 * Exponentials go on as straight lines above an exponent of 40, so that no logit overflows; below, the formula is exact.
 * KL and squared Hellinger grow exponentially: use a small learning rate. Source: Nowozin, Cseke and Tomioka 2016,
 * equation 7, tables 2 and 6, section 3.2.
 *
 * @throws GanKitError `unknown-name` for a divergence that is not in the list.
 */
export function fGan(options: FGanOptions = {}): AdversarialLoss {
  const { divergence = 'kl', generatorObjective = 'alternative' } = options;
  const variational: Variational | undefined = table[divergence];
  if (variational === undefined) throw unknownNameError('divergence', divergence, divergences);
  const { activation, conjugate } = variational;
  return {
    name: 'f-gan',
    generatorNeedsReal: false,
    discriminatorLoss: ({ real, fake }) =>
      tf.tidy(() => tf.sub(tf.mean<tf.Scalar>(conjugate(fake.logits)), tf.mean<tf.Scalar>(activation(real.logits)))),
    generatorLoss: ({ fake }) =>
      tf.tidy(() => {
        const won = generatorObjective === 'alternative' ? activation(fake.logits) : conjugate(fake.logits);
        return tf.neg(tf.mean<tf.Scalar>(won));
      }),
  };
}
