// From an image back to a latent, by gradient descent through the generator (Zhu 2016; Creswell and Bharath 2018).
import '@gankit/engine/gradients';
import {
  type Condition,
  checkBatch,
  checkInteger,
  checkNumber,
  checkOptions,
  conditionOf,
  conditionTensors,
  type Discriminator,
  drawLatent,
  GanKitError,
  type Generator,
  type RandomStream,
} from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { checkMeaningless } from '../player-options.ts';

export interface InvertOptions {
  /** Where the starting latents are drawn from; each call moves it on. */
  readonly random: RandomStream;
  /** Updates of the latent; 300 by default. */
  readonly steps?: number | undefined;
  /** Step size of Adam; 0.05 by default. */
  readonly learningRate?: number | undefined;
  /** Random latents of which each image starts from the closest; 64 by default. */
  readonly candidates?: number | undefined;
  /** Adds `weight` times the mean squared distance of the discriminator's features, each layer counting the same. */
  readonly features?: { readonly discriminator: Discriminator; readonly weight: number } | undefined;
  /**
   * Adds this times the mean square of a normal latent, which is its negative log density but for a factor and a constant; 0
   * by default. Only for normal latents: uniform ones are kept within [-1, 1], always.
   */
  readonly priorWeight?: number | undefined;
  /** What the generator (and the discriminator) is told about the images. */
  readonly condition?: Condition | undefined;
  /** Stops after the current step; what was found by then is returned. */
  readonly signal?: AbortSignal | undefined;
}

export interface Inversion {
  /** The best latents found: float32 [batch, ...latentShape]; the caller owns it. */
  readonly latent: tf.Tensor;
  /** The loss before each update and after the last one, as a mean over the images: steps + 1 numbers. */
  readonly losses: readonly number[];
  /** The loss of each image at `latent`. */
  readonly imageLosses: readonly number[];
}

/** The mean square of each sample's difference: [batch]. */
function squaredDistance(a: tf.Tensor, b: tf.Tensor): tf.Tensor1D {
  return tf.squaredDifference(a, b).reshape([a.shape[0]!, -1]).mean(1);
}

/** Copies of each condition: the first axis repeated in place. */
function repeatCondition(condition: Condition | undefined, times: number): Condition | undefined {
  const repeated = Object.entries(conditionTensors(condition)).map(([kind, tensor]) => {
    const [batch, ...rest] = tensor.shape;
    const tiled = tensor.expandDims(1).tile([1, times, ...rest.map(() => 1)]);
    return [kind, tiled.reshape([batch! * times, ...rest])] as const;
  });
  return conditionOf(Object.fromEntries(repeated));
}

/** Of `candidates` random latents for each image, the one whose sample is closest in pixels. */
function closestCandidates(generator: Generator, images: tf.Tensor, options: InvertOptions): tf.Tensor {
  const { random, candidates = 64, condition } = options;
  const batch = images.shape[0]!;
  const latents = drawLatent(generator, batch * candidates, random);
  if (candidates === 1) return latents;
  const samples = generator.generate(latents, { training: false, condition: repeatCondition(condition, candidates) });
  const paired = samples.reshape([batch, candidates, -1]);
  const distance = tf.squaredDifference(paired, images.reshape([batch, 1, -1])).mean(2);
  const closest = distance.argMin(1).add(tf.range(0, batch * candidates, candidates, 'int32'));
  return latents.gather(closest as tf.Tensor1D);
}

/**
 * Finds latents whose samples are `images`: minimises the mean squared pixel error, plus a distance of discriminator features and a latent
 * prior if asked for, by Adam from the closest of some random latents. Each image has a latent of its own; the generator stays
 * as it is. It moves `random` on.
 *
 * A deep generator has local minima: try more `candidates`, or a feature distance, when the loss stays high.
 * @param images float32 [batch, ...outputShape] in the range of the samples.
 * @throws GanKitError `invalid-shape` for images of another shape, `incompatible` for a discriminator without features and a prior of
 *   uniform latents, `numerical` when the loss becomes NaN or infinite.
 */
export async function invert(generator: Generator, images: tf.Tensor, options: InvertOptions): Promise<Inversion> {
  checkOptions('invert', options, {
    random: 'required',
    steps: 'optional',
    learningRate: 'optional',
    candidates: 'optional',
    features: 'optional',
    priorWeight: 'optional',
    condition: 'optional',
    signal: 'optional',
  });
  const { steps = 300, learningRate = 0.05, candidates = 64, features, priorWeight = 0, condition, signal } = options;
  checkBatch('The images to invert', images, generator.outputShape);
  checkInteger('steps', steps);
  checkInteger('candidates', candidates);
  checkNumber('learningRate', learningRate, Number.MIN_VALUE);
  checkNumber('priorWeight', priorWeight, 0);
  const uniform = generator.latentDistribution === 'uniform';
  if (uniform && priorWeight > 0) checkMeaningless(options, ['priorWeight'], 'latents that are uniform');
  if (features !== undefined) {
    checkOptions('features', features, { discriminator: 'required', weight: 'required' });
    checkNumber('features.weight', features.weight, 0);
    if (!features.discriminator.heads.includes('features')) {
      throw new GanKitError(
        'incompatible',
        `${features.discriminator.name} gives no features to compare images by; name layers for it when you build it.`,
      );
    }
  }
  const forward = { training: false, condition };
  const featuresOf = (samples: tf.Tensor) => features?.discriminator.discriminate(samples, forward).features ?? [];
  const targets = tf.tidy(() => featuresOf(images).slice());

  const lossOf = (latent: tf.Tensor): tf.Tensor1D => {
    const samples = generator.generate(latent, forward);
    let loss: tf.Tensor1D = squaredDistance(samples, images);
    const found = featuresOf(samples);
    found.forEach((feature, layer) => {
      const weight = (features?.weight ?? 0) / found.length;
      loss = tf.add(loss, tf.mul(squaredDistance(feature, targets[layer]!), weight));
    });
    if (priorWeight > 0) {
      loss = tf.add(loss, tf.mul(squaredDistance(latent, tf.zerosLike(latent)), priorWeight));
    }
    return loss;
  };

  const latent = tf.tidy(() => tf.variable(closestCandidates(generator, images, options), false));
  let best = tf.tidy(() => latent.clone());
  let bestLoss: tf.Tensor1D = tf.fill([images.shape[0]!], Number.POSITIVE_INFINITY);
  const optimizer = tf.train.adam(learningRate);
  const losses: number[] = [];

  /** Remembers the latents that are better than any before, and reads the loss. */
  const record = async (loss: tf.Tensor1D): Promise<void> => {
    const [nextBest, nextLoss] = tf.tidy(() => {
      const better = tf.less(loss, bestLoss);
      const column = better.reshape([-1, ...generator.latentShape.map(() => 1)]);
      return [tf.where(column, latent, best), tf.where(better, loss, bestLoss)];
    });
    tf.dispose([best, bestLoss]);
    best = nextBest;
    bestLoss = nextLoss as tf.Tensor1D;
    const values = Array.from(await loss.data());
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    losses.push(mean);
    if (!Number.isFinite(mean)) {
      throw new GanKitError(
        'numerical',
        `The loss of the inversion became ${mean} at step ${losses.length - 1}; lower the learning rate.`,
      );
    }
  };

  try {
    for (let step = 0; step <= steps; step++) {
      if (step === steps || signal?.aborted === true) {
        const loss = tf.tidy(() => lossOf(latent));
        await record(loss).finally(() => loss.dispose());
        break;
      }
      const [loss, gradient] = tf.tidy(() => {
        let each: tf.Tensor1D | undefined;
        const { grad } = tf.valueAndGrad((x) => {
          each = tf.keep(lossOf(x));
          return each.sum();
        })(latent);
        return [each!, grad];
      });
      try {
        await record(loss);
        optimizer.applyGradients([{ name: latent.name, tensor: gradient }]);
        if (uniform) tf.tidy(() => latent.assign(latent.clipByValue(-1, 1)));
      } finally {
        tf.dispose([loss, gradient]);
      }
    }
    return { latent: best.clone(), losses, imageLosses: Array.from(await bestLoss.data()) };
  } finally {
    tf.dispose([latent, best, bestLoss, targets]);
    optimizer.dispose();
  }
}
