/** Arithmetic with broadcasting, extremes, comparisons, reductions and running sums. */
import * as tf from '@tensorflow/tfjs';
import { type GradientCase, gradientCase, type Range } from '../gradient-case.ts';
import {
  type Array64,
  at,
  build,
  fold,
  logSumExp,
  map,
  mean,
  reduce,
  sizeOf,
  sum,
  variance,
  zip,
} from '../reference/array64.ts';

const positive: Range = { low: 0.4, high: 2.2 };

const operands: readonly (readonly [string, readonly number[], readonly number[]])[] = [
  ['equal shapes', [2, 3], [2, 3]],
  ['[2,3] and [3]', [2, 3], [3]],
  ['[2,1,3] and [4,1]', [2, 1, 3], [4, 1]],
];

function binary(
  op: string,
  tensor: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor,
  f: (a: number, b: number) => number,
  range: Range = {},
): GradientCase[] {
  return operands.map(([variant, a, b]) =>
    gradientCase(
      op,
      variant,
      [a, b],
      (x, y) => tensor(x!, y!),
      (x, y) => zip(x!, y!, f),
      range,
    ),
  );
}

function reduction(
  op: string,
  tensor: (x: tf.Tensor, axis: number[]) => tf.Tensor,
  f: (values: number[]) => number,
  range: Range = {},
): GradientCase[] {
  return [[0], [2], [0, 2], [0, 1, 2]].map((axes) =>
    gradientCase(
      op,
      `axes ${axes}`,
      [[2, 3, 2]],
      (x) => tensor(x!, axes),
      (x) => fold(x!, axes, f),
      range,
    ),
  );
}

const product = (values: number[]) => values.reduce((total, value) => total * value, 1);

/** A running sum or product along `axis`. */
function running(
  x: Array64,
  axis: number,
  exclusive: boolean,
  reverse: boolean,
  f: (values: number[]) => number,
): Array64 {
  return build(x.shape, (index) => {
    const size = x.shape[axis]!;
    const values: number[] = [];
    for (let i = 0; i < size; i++) {
      const ahead = reverse ? i - index[axis]! : index[axis]! - i;
      if (ahead > 0 || (ahead === 0 && !exclusive))
        values.push(
          at(
            x,
            index.map((j, a) => (a === axis ? i : j)),
          ),
        );
    }
    return f(values);
  });
}

const runs: GradientCase[] = [
  [0, false, false],
  [1, true, false],
  [0, true, true],
  [2, false, true],
].flatMap(([axis, exclusive, reverse]) => {
  const [a, e, r] = [axis as number, exclusive as boolean, reverse as boolean];
  const variant = `axis ${a}${e ? ', exclusive' : ''}${r ? ', reverse' : ''}`;
  return [
    gradientCase(
      'cumsum',
      variant,
      [[3, 3, 2]],
      (x) => tf.cumsum(x!, a, e, r),
      (x) => running(x!, a, e, r, sum),
    ),
    gradientCase(
      'cumprod',
      variant,
      [[3, 3, 2]],
      (x) => tf.cumprod(x!, a, e, r),
      (x) => running(x!, a, e, r, product),
    ),
  ];
});

/** Integers that do not divide each other: webgl rounds the operands of floorDiv first. */
const floorDivisions: GradientCase[] = operands.map(([variant, a, b]) => ({
  op: 'floorDiv',
  variant,
  inputs: [
    { shape: a, data: Float64Array.from({ length: sizeOf(a) }, (_, i) => [7, 11, 5, 13, 17, 19][i]!) },
    { shape: b, data: Float64Array.from({ length: sizeOf(b) }, (_, i) => [2, 3, 4, 2, 3, 4][i]!) },
  ],
  tensor: (x, y) => tf.div(tf.add(tf.mul(x!, y!), tf.floorDiv(x!, y!)), 20),
  reference: (x, y) => zip(x!, y!, (m, n) => (m * n + Math.floor(m / n)) / 20),
}));

const norm = (values: number[]) => Math.sqrt(sum(values.map((value) => value * value)));

export const arithmeticCases: readonly GradientCase[] = [
  ...binary(
    'add',
    (a, b) => tf.add(a, b),
    (a, b) => a + b,
  ),
  ...binary(
    'sub',
    (a, b) => tf.sub(a, b),
    (a, b) => a - b,
  ),
  ...binary(
    'mul',
    (a, b) => tf.mul(a, b),
    (a, b) => a * b,
  ),
  ...binary(
    'div',
    (a, b) => tf.div(a, b),
    (a, b) => a / b,
    positive,
  ),
  ...binary(
    'pow',
    (a, b) => tf.pow(a, b),
    (a, b) => a ** b,
    positive,
  ),
  ...binary(
    'squaredDifference',
    (a, b) => tf.squaredDifference(a, b),
    (a, b) => (a - b) ** 2,
  ),
  ...binary('atan2', (a, b) => tf.atan2(a, b), Math.atan2, positive),
  ...binary('maximum', (a, b) => tf.maximum(a, b), Math.max),
  ...binary('minimum', (a, b) => tf.minimum(a, b), Math.min),
  ...binary(
    'where greater',
    (a, b) => tf.where(tf.greater(a, b), tf.square(a), b),
    (a, b) => (a > b ? a * a : b),
  ),
  ...floorDivisions,
  gradientCase(
    'pow',
    'exponent 3',
    [[2, 3]],
    (x) => tf.pow(x!, 3),
    (x) => map(x!, (value) => value ** 3),
  ),
  gradientCase(
    'addN',
    '',
    [
      [2, 3],
      [2, 3],
    ],
    (a, b) => tf.addN([a!, b!]),
    (a, b) => zip(a!, b!, (x, y) => x + y),
  ),
  gradientCase(
    'clipByValue',
    '',
    [[3, 5]],
    (x) => tf.clipByValue(x!, -0.7, 0.9),
    (x) => map(x!, (value) => Math.min(0.9, Math.max(-0.7, value))),
  ),
  gradientCase(
    'cast of a comparison',
    '',
    [[3, 5]],
    (x) =>
      tf.mul(tf.square(x!), tf.cast(tf.logicalAnd(tf.less(x!, 1), tf.logicalNot(tf.lessEqual(x!, -1))), 'float32')),
    (x) => map(x!, (value) => (value < 1 && value > -1 ? value * value : 0)),
  ),
  gradientCase(
    'cast to int32',
    '',
    [[3, 5]],
    (x) => tf.mul(x!, tf.cast(tf.cast(x!, 'int32'), 'float32')),
    (x) => map(x!, (value) => value * Math.trunc(value)),
    { low: 1.05, high: 4.9 },
  ),
  ...reduction('sum', (x, axis) => tf.sum(x, axis), sum),
  ...reduction('mean', (x, axis) => tf.mean(x, axis), mean),
  ...reduction('moments', (x, axis) => tf.moments(x, axis).variance, variance),
  ...reduction(
    'max',
    (x, axis) => tf.max(x, axis),
    (values) => Math.max(...values),
  ),
  ...reduction(
    'min',
    (x, axis) => tf.min(x, axis),
    (values) => Math.min(...values),
  ),
  ...reduction('logSumExp', (x, axis) => tf.logSumExp(x, axis), logSumExp),
  ...reduction('prod', (x, axis) => tf.prod(x, axis), product),
  ...reduction('norm', (x, axis) => tf.norm(x, 'euclidean', axis.length === 1 ? axis[0]! : axis), norm).slice(0, 2),
  gradientCase(
    'max',
    'kept dimensions',
    [[2, 3, 2]],
    (x) => tf.max(x!, 1, true),
    (x) => reduce(x!, [1], (values) => Math.max(...values)),
  ),
  ...runs,
];
