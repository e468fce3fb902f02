// The f-GAN family: any f-divergence between data and generator, bounded from below by the discriminator.
import { type AdversarialLoss, checkChoice, checkOptions } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';

/** The divergences of {@link fGan}. */
export const divergences = ['kl', 'reverse-kl', 'pearson', 'squared-hellinger', 'jensen-shannon'] as const;

export type Divergence = (typeof divergences)[number];

/** Options of {@link fGan}. */
export interface FGanOptions {
  /** Which divergence: Kullback-Leibler, its reverse, Pearson chi^2, squared Hellinger or Jensen-Shannon; `kl` when absent. */
  readonly divergence?: Divergence | undefined;
  /**
   * What the generator minimises. `alternative` (default): -mean g(f), section 3.2, whose gradient does not vanish early.
   * `original`: -mean f*(g(f)), the bound itself.
   */
  readonly generatorObjective?: 'alternative' | 'original' | undefined;
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
  /**
   * The output at which the best discriminator is undecided. With u the density of real samples over that of generated ones, the bound is
   * tight where g(v) = f'(u) (equation 5), so that the line u = 1 lies where g(v) = f'(1).
   */
  readonly threshold: number;
  /** Whether that best v is log u: the log-odds of "real" when both kinds are equally frequent. */
  readonly logOdds: boolean;
}

const table: Readonly<Record<Divergence, Variational>> = {
  // g = v, f*(t) = exp(t - 1). f = u log u, f' = 1 + log u: v = 1 + log u, one more than the log-odds.
  kl: { activation: (v) => v, conjugate: (v) => boundedExp(tf.sub(v, 1)), threshold: 1, logOdds: false },
  // g = -exp(-v), f*(t) = -1 - log(-t), so f*(g(v)) = v - 1. f = -log u, f' = -1/u: exp(-v) = 1/u, v = log u.
  'reverse-kl': {
    activation: (v) => tf.neg(boundedExp(tf.neg(v))),
    conjugate: (v) => tf.sub(v, 1),
    threshold: 0,
    logOdds: true,
  },
  // g = v, f*(t) = t^2/4 + t. f = (u - 1)^2, f' = 2 (u - 1): v = 2 (u - 1).
  pearson: {
    activation: (v) => v,
    conjugate: (v) => tf.add(tf.mul(tf.square(v), 0.25), v),
    threshold: 0,
    logOdds: false,
  },
  // g = 1 - exp(-v), f*(t) = t / (1 - t), so f*(g(v)) = exp(v) - 1.
  // f = (sqrt u - 1)^2, f' = 1 - 1/sqrt u: exp(-v) = 1/sqrt u, v = 1/2 log u, half of the log-odds.
  'squared-hellinger': {
    activation: (v) => tf.sub(1, boundedExp(tf.neg(v))),
    conjugate: (v) => tf.sub(boundedExp(v), 1),
    threshold: 0,
    logOdds: false,
  },
  // g = log 2 - sp(-v), f*(t) = -log(2 - exp(t)), so f*(g(v)) = sp(v) - log 2.
  // f = u log u - (u + 1) log((u + 1)/2), f' = log(2u / (u + 1)); g = log(2 sigmoid(v)): sigmoid(v) = u / (u + 1), v = log u.
  'jensen-shannon': {
    activation: (v) => tf.sub(Math.LN2, tf.softplus(tf.neg(v))),
    conjugate: (v) => tf.sub(tf.softplus(v), Math.LN2),
    threshold: 0,
    logOdds: true,
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
 * Real samples belong above the output where g(v) = f'(1): 1 for KL, 0 for the others. The outputs are log-odds for the reverse KL and
 * Jensen-Shannon only.
 *
 * @throws GanKitError `unknown-name` for a divergence or a generator's objective that does not exist.
 */
export function fGan(options: FGanOptions = {}): AdversarialLoss {
  checkOptions('fGan', options, { divergence: 'optional', generatorObjective: 'optional' });
  const { divergence = 'kl', generatorObjective = 'alternative' } = options;
  checkChoice('divergence', divergence, divergences);
  checkChoice('generatorObjective', generatorObjective, ['alternative', 'original']);
  const { activation, conjugate, threshold, logOdds } = table[divergence];
  return {
    name: 'f-gan',
    decision: { threshold },
    probabilities: logOdds,
    discriminatorLoss: ({ real, fake }) =>
      tf.tidy(() => tf.sub(tf.mean<tf.Scalar>(conjugate(fake.logits)), tf.mean<tf.Scalar>(activation(real.logits)))),
    generatorLoss: ({ fake }) =>
      tf.tidy(() => {
        const won = generatorObjective === 'alternative' ? activation(fake.logits) : conjugate(fake.logits);
        return tf.neg(tf.mean<tf.Scalar>(won));
      }),
  };
}
