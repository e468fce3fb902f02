/** Functions of one number. */
import * as tf from '@tensorflow/tfjs';
import type { KernelProperty } from '../harness/kernel-case.ts';
import { type Dtype, drawValues, type Range, typed } from '../harness/values.ts';

const floats: readonly Dtype[] = ['float32'];

interface Unary {
  readonly run: (x: tf.Tensor) => tf.Tensor;
  readonly define: (x: number) => number;
  readonly range?: Range;
  /** Dtypes of the operand; float32 alone when absent. */
  readonly takes?: readonly Dtype[];
  /** The dtype of the result; the operand's when absent. */
  readonly gives?: Dtype;
  /** See `KernelCase`. */
  readonly terms?: number;
  /** Whether the result must be exact. */
  readonly exact?: boolean;
}

const numbers: readonly Dtype[] = ['float32', 'int32'];
const everything: readonly Dtype[] = ['float32', 'int32', 'bool'];
const infinite = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
const awkward: Range = { special: [Number.NaN, ...infinite, 0, -0] };
const halves: Range = { low: -5, high: 5, special: [0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 0] };

/** Error function by its series; the arguments are small. */
function erf(x: number): number {
  let [sum, term] = [x, x];
  for (let n = 1; n < 60; n++) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

/** To the nearest whole number, halves to the even one. */
function roundEven(x: number): number {
  const low = Math.floor(x);
  if (x - low !== 0.5) return Math.round(x);
  return low % 2 === 0 ? low : low + 1;
}

const seluScale = 1.0507009873554805;
const seluAlpha = 1.6732632423543772;

const operations: Record<string, Unary> = {
  abs: { run: tf.abs, define: Math.abs, takes: numbers, exact: true },
  acos: { run: tf.acos, define: Math.acos, range: { low: -0.95, high: 0.95 } },
  acosh: { run: tf.acosh, define: Math.acosh, range: { low: 1.1, high: 5 } },
  asin: { run: tf.asin, define: Math.asin, range: { low: -0.95, high: 0.95 } },
  asinh: { run: tf.asinh, define: Math.asinh },
  atan: { run: tf.atan, define: Math.atan },
  atanh: { run: tf.atanh, define: Math.atanh, range: { low: -0.9, high: 0.9 } },
  ceil: { run: tf.ceil, define: Math.ceil, range: { low: -5, high: 5 }, exact: true },
  // Shading languages promise no more than 2^-11 for these two.
  cos: { run: tf.cos, define: Math.cos, terms: 10 },
  cosh: { run: tf.cosh, define: Math.cosh },
  elu: { run: tf.elu, define: (x) => (x >= 0 ? x : Math.expm1(x)) },
  erf: { run: tf.erf, define: erf },
  exp: { run: tf.exp, define: Math.exp },
  'exp of integers': { run: tf.exp, define: Math.exp, takes: ['int32'], gives: 'float32', range: { low: -3, high: 3 } },
  expm1: { run: tf.expm1, define: Math.expm1 },
  floor: { run: tf.floor, define: Math.floor, range: { low: -5, high: 5 }, exact: true },
  isFinite: { run: tf.isFinite, define: (x) => Number(Number.isFinite(x)), range: awkward, gives: 'bool' },
  isInf: {
    run: tf.isInf,
    define: (x) => Number(Math.abs(x) === Number.POSITIVE_INFINITY),
    range: awkward,
    gives: 'bool',
  },
  isNaN: { run: tf.isNaN, define: (x) => Number(Number.isNaN(x)), range: awkward, gives: 'bool' },
  leakyRelu: { run: (x) => tf.leakyRelu(x, 0.3), define: (x) => (x >= 0 ? x : 0.3 * x) },
  log: { run: tf.log, define: Math.log, range: { low: 0.01, high: 5 } },
  log1p: { run: tf.log1p, define: Math.log1p, range: { low: -0.9, high: 5 } },
  logicalNot: { run: tf.logicalNot, define: (x) => 1 - x, takes: ['bool'] },
  logSigmoid: { run: tf.logSigmoid, define: (x) => -Math.log1p(Math.exp(-x)) },
  neg: { run: tf.neg, define: (x) => -x, takes: numbers, exact: true },
  onesLike: { run: tf.onesLike, define: () => 1, takes: everything, exact: true },
  reciprocal: { run: tf.reciprocal, define: (x) => 1 / x, range: { low: 0.2, high: 3 } },
  'reciprocal of integers': {
    run: tf.reciprocal,
    define: (x) => Math.trunc(1 / x),
    takes: ['int32'],
    range: { low: 1, high: 9 },
  },
  relu: { run: tf.relu, define: (x) => Math.max(0, x), takes: numbers, exact: true },
  relu6: {
    run: tf.relu6,
    define: (x) => Math.min(6, Math.max(0, x)),
    takes: numbers,
    range: { low: -9, high: 9 },
    exact: true,
  },
  round: { run: tf.round, define: roundEven, range: halves, exact: true },
  rsqrt: { run: tf.rsqrt, define: (x) => 1 / Math.sqrt(x), range: { low: 0.05, high: 5 } },
  selu: { run: tf.selu, define: (x) => seluScale * (x >= 0 ? x : seluAlpha * Math.expm1(x)) },
  sigmoid: { run: tf.sigmoid, define: (x) => 1 / (1 + Math.exp(-x)), range: { low: -20, high: 20 } },
  sign: { run: tf.sign, define: (x) => Math.sign(x), takes: numbers, range: { special: [0] }, exact: true },
  sin: { run: tf.sin, define: Math.sin, terms: 10 },
  sinh: { run: tf.sinh, define: Math.sinh },
  softplus: {
    run: tf.softplus,
    define: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
    range: { low: -40, high: 40 },
  },
  sqrt: { run: tf.sqrt, define: Math.sqrt, range: { low: 0, high: 5 } },
  square: { run: tf.square, define: (x) => x * x, takes: numbers },
  step: { run: (x) => tf.step(x, 0.5), define: (x) => (x > 0 ? 1 : 0.5), range: { special: [0] } },
  'step without a slope': {
    run: (x) => tf.step(x),
    define: (x) => Number(x > 0),
    takes: numbers,
    range: { special: [0] },
    exact: true,
  },
  tan: { run: tf.tan, define: Math.tan, range: { low: -1.2, high: 1.2 } },
  tanh: { run: tf.tanh, define: Math.tanh, range: { low: -8, high: 8 } },
  zerosLike: { run: tf.zerosLike, define: () => 0, takes: everything, exact: true },
};

export const unaryProperties: readonly KernelProperty[] = Object.entries(operations).map(
  ([name, { run, define, range = {}, takes = floats, gives, exact, terms }]): KernelProperty => ({
    name,
    share: 0.5,
    generate(draw) {
      const dtype: Dtype = draw.pick(takes);
      const x = drawValues(draw, draw.shape(0, 6, 3), dtype, range);
      const expected = typed({ shape: x.shape, data: x.data.map(define) }, gives ?? dtype);
      return { inputs: [x], run, expected, ...(exact === true ? { terms: 0 } : terms !== undefined && { terms }) };
    },
  }),
);
