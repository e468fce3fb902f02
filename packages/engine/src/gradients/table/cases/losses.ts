/** Losses of tf.losses, and what GANs make their losses of. */
import * as tf from '@tensorflow/tfjs';
import { type GradientCase, gradientCase } from '../gradient-case.ts';
import { type Array64, fold, logSumExp, mean, reduce, sum, zip } from '../reference/array64.ts';

const softplus = (x: number) => Math.log1p(Math.exp(x));

function scalar(value: number): Array64 {
  return { shape: [], data: Float64Array.of(value) };
}

function meanOf(a: Array64, b: Array64, f: (a: number, b: number) => number): Array64 {
  return scalar(mean([...zip(a, b, f).data]));
}

/** `-sum(labels logSoftmax(logits))`, averaged over the examples; both are inputs. */
function softmaxCrossEntropy(labels: Array64, logits: Array64): Array64 {
  const logProbabilities = zip(logits, reduce(logits, [1], logSumExp), (x, lse) => x - lse);
  return scalar(
    -mean([
      ...fold(
        zip(labels, logProbabilities, (l, p) => l * p),
        [1],
        sum,
      ).data,
    ]),
  );
}

export const lossCases: readonly GradientCase[] = [
  gradientCase(
    'losses.softmaxCrossEntropy',
    'labels and logits',
    [
      [3, 4],
      [3, 4],
    ],
    (labels, logits) => tf.losses.softmaxCrossEntropy(labels!, logits!),
    (labels, logits) => softmaxCrossEntropy(labels!, logits!),
  ),
  gradientCase(
    'losses.sigmoidCrossEntropy',
    '',
    [
      [3, 2],
      [3, 2],
    ],
    (labels, logits) => tf.losses.sigmoidCrossEntropy(labels!, logits!),
    (labels, logits) => meanOf(labels!, logits!, (label, x) => softplus(x) - label * x),
  ),
  gradientCase(
    'losses.meanSquaredError',
    '',
    [
      [3, 2],
      [3, 2],
    ],
    (labels, values) => tf.losses.meanSquaredError(labels!, values!),
    (labels, values) => meanOf(labels!, values!, (a, b) => (a - b) ** 2),
  ),
  gradientCase(
    'losses.absoluteDifference',
    '',
    [
      [3, 2],
      [3, 2],
    ],
    (labels, values) => tf.losses.absoluteDifference(labels!, values!),
    (labels, values) => meanOf(labels!, values!, (a, b) => Math.abs(a - b)),
  ),
  gradientCase(
    'losses.huberLoss',
    'delta 1',
    [
      [3, 2],
      [3, 2],
    ],
    (labels, values) => tf.losses.huberLoss(labels!, values!),
    (labels, values) =>
      meanOf(labels!, values!, (a, b) => (Math.abs(a - b) < 1 ? (a - b) ** 2 / 2 : Math.abs(a - b) - 0.5)),
  ),
  gradientCase(
    'losses.hingeLoss',
    '',
    [
      [3, 2],
      [3, 2],
    ],
    (labels, values) => tf.losses.hingeLoss(labels!, values!),
    (labels, values) => meanOf(labels!, values!, (label, x) => Math.max(0, 1 - (2 * label - 1) * x)),
  ),
];
