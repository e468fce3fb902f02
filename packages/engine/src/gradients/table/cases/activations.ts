/** Activations and other functions of one number, of tf and of tf.layers. */
import * as tf from '@tensorflow/tfjs';
import { type GradientCase, gradientCase, type Range } from '../gradient-case.ts';
import { logSumExp, map, reduce, zip } from '../reference/array64.ts';

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const softplus = (x: number) => Math.log1p(Math.exp(x));

/** The error function by its Maclaurin series, exact to float64 for |x| < 4. */
function erf(x: number): number {
  let term = x;
  let total = x;
  for (let n = 1; n < 100; n++) {
    term *= (-x * x) / n;
    total += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * total;
}

/** Klambauer et al. 2017, "Self-Normalizing Neural Networks". */
const selu = (x: number) => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * Math.expm1(x));

const shape = [3, 5];

function unary(
  op: string,
  tensor: (x: tf.Tensor) => tf.Tensor,
  f: (x: number) => number,
  range: Range = {},
): GradientCase {
  return gradientCase(
    op,
    '',
    [shape],
    (x) => tensor(x!),
    (x) => map(x!, f),
    range,
  );
}

type ActivationName = Parameters<typeof tf.layers.activation>[0]['activation'];

function layer(activation: ActivationName, f: (x: number) => number, range: Range = {}): GradientCase {
  const tensor = (x: tf.Tensor) => tf.layers.activation({ activation }).apply(x) as tf.Tensor;
  return gradientCase(
    `layers.activation ${activation}`,
    '',
    [shape],
    (x) => tensor(x!),
    (x) => map(x!, f),
    range,
  );
}

const positive: Range = { low: 0.3, high: 2.5 };
const wide: Range = { low: -3, high: 9 };

const softmax = (rows: Parameters<typeof reduce>[0]) => {
  const total = reduce(rows, [rows.shape.length - 1], logSumExp);
  return zip(rows, total, (x, lse) => Math.exp(x - lse));
};
const logSoftmax = (rows: Parameters<typeof reduce>[0]) =>
  zip(rows, reduce(rows, [rows.shape.length - 1], logSumExp), (x, lse) => x - lse);

export const activationCases: readonly GradientCase[] = [
  unary('tanh', (x) => tf.tanh(x), Math.tanh),
  unary('sigmoid', (x) => tf.sigmoid(x), sigmoid),
  unary('exp', (x) => tf.exp(x), Math.exp),
  unary('softplus', (x) => tf.softplus(x), softplus),
  unary(
    'logSigmoid',
    (x) => tf.logSigmoid(x),
    (x) => -softplus(-x),
  ),
  unary(
    'relu',
    (x) => tf.relu(x),
    (x) => Math.max(0, x),
  ),
  unary(
    'relu6',
    (x) => tf.relu6(x),
    (x) => Math.min(6, Math.max(0, x)),
    wide,
  ),
  unary(
    'leakyRelu',
    (x) => tf.leakyRelu(x, 0.2),
    (x) => (x > 0 ? x : 0.2 * x),
  ),
  unary(
    'elu',
    (x) => tf.elu(x),
    (x) => (x > 0 ? x : Math.expm1(x)),
  ),
  unary('selu', (x) => tf.selu(x), selu),
  unary('erf', (x) => tf.erf(x), erf),
  unary('abs', (x) => tf.abs(x), Math.abs),
  unary(
    'square',
    (x) => tf.square(x),
    (x) => x * x,
  ),
  unary('sqrt', (x) => tf.sqrt(x), Math.sqrt, positive),
  unary(
    'rsqrt',
    (x) => tf.rsqrt(x),
    (x) => 1 / Math.sqrt(x),
    positive,
  ),
  unary('log', (x) => tf.log(x), Math.log, positive),
  unary('log1p', (x) => tf.log1p(x), Math.log1p, positive),
  unary('expm1', (x) => tf.expm1(x), Math.expm1),
  unary(
    'reciprocal',
    (x) => tf.reciprocal(x),
    (x) => 1 / x,
    positive,
  ),
  unary('sin', (x) => tf.sin(x), Math.sin),
  unary('cos', (x) => tf.cos(x), Math.cos),
  unary('sinh', (x) => tf.sinh(x), Math.sinh),
  unary('cosh', (x) => tf.cosh(x), Math.cosh),
  unary('atan', (x) => tf.atan(x), Math.atan),
  unary('asinh', (x) => tf.asinh(x), Math.asinh),
  gradientCase(
    'prelu',
    'slope per channel',
    [[3, 5], [5]],
    (x, alpha) => tf.prelu(x!, alpha!),
    (x, alpha) => zip(x!, alpha!, (value, slope) => (value > 0 ? value : slope * value)),
  ),
  gradientCase(
    'softmax',
    '',
    [shape],
    (x) => tf.softmax(x!),
    (x) => softmax(x!),
  ),
  gradientCase(
    'logSoftmax',
    '',
    [shape],
    (x) => tf.logSoftmax(x!),
    (x) => logSoftmax(x!),
  ),
  layer('tanh', Math.tanh),
  layer('sigmoid', sigmoid),
  layer('hardSigmoid', (x) => Math.min(1, Math.max(0, 0.2 * x + 0.5)), { low: -4, high: 4 }),
  layer('elu', (x) => (x > 0 ? x : Math.expm1(x))),
  layer('selu', selu),
  layer('relu6', (x) => Math.min(6, Math.max(0, x)), wide),
  layer('softplus', softplus),
  layer('softsign', (x) => x / (1 + Math.abs(x))),
  layer('swish', (x) => x * sigmoid(x)),
  layer('mish', (x) => x * Math.tanh(softplus(x))),
  layer('gelu', (x) => 0.5 * x * (1 + erf(x / Math.SQRT2))),
  layer('gelu_new', (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))),
  gradientCase(
    'layers.activation softmax',
    '',
    [shape],
    (x) => tf.layers.activation({ activation: 'softmax' }).apply(x!) as tf.Tensor,
    (x) => softmax(x!),
  ),
  gradientCase(
    'layers.leakyReLU',
    '',
    [shape],
    (x) => tf.layers.leakyReLU({ alpha: 0.2 }).apply(x!) as tf.Tensor,
    (x) => map(x!, (value) => (value > 0 ? value : 0.2 * value)),
  ),
];
