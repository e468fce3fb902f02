// Whether a conditional generator makes what it is asked for, by the word of a classifier.
import {
  checkInteger,
  checkOptions,
  drawLatent,
  formatShape,
  GanKitError,
  type Generator,
  type RandomStream,
} from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { checkClasses, labelTensor } from '../labels.ts';

/** Options of {@link classAccuracy}. */
export interface ClassAccuracyOptions {
  readonly generator: Generator;
  /**
   * The classifier: a function from samples float32 [batch, ...shape] to scores [batch, classes], of which the highest counts (logits or
   * probabilities), or a tf.layers model that does that. A function runs inside a `tf.tidy`. It stays with the caller.
   */
  readonly classify: ((samples: tf.Tensor) => tf.Tensor) | tf.LayersModel;
  /** Number of classes. */
  readonly classes: number;
  /** Where the latents come from: it is moved on. */
  readonly random: RandomStream;
  /** Samples asked of each class; 200 by default. */
  readonly perClass?: number | undefined;
  /** Samples generated and classified at a time; 100 by default. */
  readonly batchSize?: number | undefined;
  /** Bounds the latents; see `drawLatent` of `@gankit/core`. No bound when absent. */
  readonly truncation?: number | undefined;
}

/** How often samples were classified as what was asked for. */
export interface ClassAccuracy {
  /** Share of all samples that were classified as asked, 0 to 1. */
  readonly accuracy: number;
  /** The standard error of that share: sqrt(p (1 - p) / N). */
  readonly standardError: number;
  /** The share for each class. */
  readonly perClass: readonly number[];
  /** `confusion[asked][classified]`: numbers of samples. */
  readonly confusion: readonly (readonly number[])[];
  /** N, the number of samples: classes x perClass. */
  readonly samples: number;
}

/**
 * Asks a generator for as many samples of each class, lets a classifier say what they are, and counts. Use a classifier that was
 * trained on real data and that the generator has never met. (AC-GANs score high on a metric like this while losing diversity:
 * look at one of diversity as well.) It moves `random` on: give it a fork, and the game does not depend on how often it is measured.
 *
 * @throws GanKitError `invalid-shape` when the classifier gives other than [batch, classes], `numerical` when it gives NaN;
 *   `invalid-argument` for counts below 1; whatever the generator throws when it needs more than labels.
 */
export async function classAccuracy(options: ClassAccuracyOptions): Promise<ClassAccuracy> {
  checkOptions('classAccuracy', options, {
    generator: 'required',
    classify: 'required',
    classes: 'required',
    random: 'required',
    perClass: 'optional',
    batchSize: 'optional',
    truncation: 'optional',
  });
  const { generator, classify, classes, random, perClass = 200, batchSize = 100, truncation } = options;
  checkClasses(classes);
  checkInteger('perClass', perClass);
  checkInteger('batchSize', batchSize);
  const scoresOf = (samples: tf.Tensor) =>
    typeof classify === 'function' ? classify(samples) : (classify.predict(samples) as tf.Tensor);
  const confusion = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  const samples = classes * perClass;
  for (let start = 0; start < samples; start += batchSize) {
    const count = Math.min(batchSize, samples - start);
    const asked = Array.from({ length: count }, (_, index) => Math.floor((start + index) / perClass));
    const scores = tf.tidy(() => {
      const latent = drawLatent(generator, count, random, { truncation });
      const labels = labelTensor(asked, classes);
      const given = scoresOf(generator.generate(latent, { training: false, condition: { labels } }));
      if (given.shape?.join() === `${count},${classes}`) return given;
      throw new GanKitError(
        'invalid-shape',
        `The classifier must give scores of shape ${formatShape([count, classes])}, not ${formatShape(given.shape ?? [])}; classes and classifier belong to different data.`,
        { value: given.shape },
      );
    });
    const values = await scores.data();
    scores.dispose();
    asked.forEach((label, row) => {
      confusion[label]![highest(values.subarray(row * classes, (row + 1) * classes))]!++;
    });
  }
  const shares = confusion.map((row, label) => row[label]! / perClass);
  const accuracy = shares.reduce((sum, share) => sum + share, 0) / classes;
  const standardError = Math.sqrt((accuracy * (1 - accuracy)) / samples);
  return { accuracy, standardError, perClass: shares, confusion, samples };
}

function highest(scores: Float32Array | Int32Array | Uint8Array): number {
  let best = 0;
  for (let index = 0; index < scores.length; index++) {
    if (Number.isNaN(scores[index])) {
      throw new GanKitError(
        'numerical',
        'The classifier gave NaN; look at the samples that it was shown, or at the classifier.',
      );
    }
    if (scores[index]! > scores[best]!) best = index;
  }
  return best;
}
