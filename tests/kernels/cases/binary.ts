/** Functions of two numbers, over operands of any dtypes that are broadcast to each other. */
import * as tf from '@tensorflow/tfjs';
import { at } from '../../../packages/engine/src/gradients/table/reference/array64.ts';
import type { Draw } from '../harness/draw.ts';
import type { KernelProperty } from '../harness/kernel-case.ts';
import { broadcastShape } from '../harness/shapes.ts';
import { build, castTo, type Dtype, drawValues, dtypes, type Range, typed, wider } from '../harness/values.ts';

/** Two shapes that broadcast: axes of size 1 in either, and leading axes missing in one. */
export function drawBroadcast(draw: Draw, highestRank = 5): [number[], number[]] {
  const whole = draw.shape(0, highestRank, 3);
  const thin = () => {
    if (!draw.yes()) return whole;
    const kept = whole.slice(draw.integer(0, whole.length));
    return kept.map((size) => (draw.yes() ? 1 : size));
  };
  return [thin(), thin()];
}

const floats: readonly Dtype[] = ['float32'];
const sameDtype = (dtype: Dtype): Dtype => dtype;

interface Binary {
  readonly run: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;
  readonly define: (a: number, b: number, dtype: Dtype) => number;
  readonly left?: Range;
  readonly right?: Range;
  readonly takes?: readonly Dtype[];
  /** Whether both operands have one dtype. */
  readonly alike?: boolean;
  readonly gives?: (dtype: Dtype) => Dtype;
  readonly exact?: boolean;
}

const numbers: readonly Dtype[] = ['float32', 'int32'];
const truth = () => 'bool' as const;
const whole = () => 'int32' as const;
const awkward: Range = { special: [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -0, 1] };
/** Quotients far from whole numbers, so that rounding does not decide their floor. */
const quarters: Range = { special: [0.25, 0.5, 0.75, 1, 1.25, -0.25, -0.75, 3] };
const divisor: Range = { low: 1, high: 4 };
const boolToInt = (dtype: Dtype): Dtype => (dtype === 'bool' ? 'int32' : dtype);
const floorMod = (a: number, b: number) => a - b * Math.floor(a / b);

const operations: Record<string, Binary> = {
  add: { run: tf.add, define: (a, b) => a + b, takes: numbers },
  'add of a truth value': { run: (a, b) => tf.add(tf.notEqual(a, 0), b), define: (a, b) => Number(a !== 0) + b },
  atan2: { run: tf.atan2, define: Math.atan2 },
  div: {
    run: tf.div,
    define: (a, b, dtype) => (dtype === 'int32' ? Math.floor(a / b) : a / b),
    right: divisor,
    takes: numbers,
  },
  divNoNan: { run: tf.divNoNan, define: (a, b) => (b === 0 ? 0 : a / b), right: { special: [0], low: 1, high: 3 } },
  equal: {
    run: tf.equal,
    define: (a, b) => Number(a === b),
    left: awkward,
    right: awkward,
    takes: dtypes,
    gives: truth,
  },
  floorDiv: {
    run: tf.floorDiv,
    define: (a, b) => Math.floor(a / b),
    left: { low: -9.9, high: 9.9 },
    right: divisor,
    takes: numbers,
    gives: whole,
  },
  'floorDiv by negative numbers': {
    run: tf.floorDiv,
    define: (a, b) => Math.floor(a / b),
    right: { low: -4, high: -1 },
    takes: numbers,
    gives: whole,
  },
  greater: {
    run: tf.greater,
    define: (a, b) => Number(a > b),
    left: awkward,
    right: awkward,
    takes: dtypes,
    gives: truth,
  },
  greaterEqual: {
    run: tf.greaterEqual,
    define: (a, b) => Number(a >= b),
    left: awkward,
    right: awkward,
    takes: dtypes,
    gives: truth,
  },
  less: { run: tf.less, define: (a, b) => Number(a < b), left: awkward, right: awkward, takes: dtypes, gives: truth },
  lessEqual: {
    run: tf.lessEqual,
    define: (a, b) => Number(a <= b),
    left: awkward,
    right: awkward,
    takes: dtypes,
    gives: truth,
  },
  logicalAnd: { run: tf.logicalAnd, define: (a, b) => Number(a !== 0 && b !== 0), takes: ['bool'] },
  logicalOr: { run: tf.logicalOr, define: (a, b) => Number(a !== 0 || b !== 0), takes: ['bool'] },
  logicalXor: { run: tf.logicalXor, define: (a, b) => Number(a !== b), takes: ['bool'] },
  maximum: { run: tf.maximum, define: (a, b) => Math.max(a, b), takes: dtypes, gives: boolToInt, exact: true },
  minimum: { run: tf.minimum, define: (a, b) => Math.min(a, b), takes: dtypes, gives: boolToInt, exact: true },
  mod: {
    run: tf.mod,
    define: floorMod,
    left: quarters,
    right: { special: [1.5, 2, -1.5, -2], low: 1, high: 3 },
    takes: numbers,
  },
  'mod by negative numbers': {
    run: tf.mod,
    define: floorMod,
    left: quarters,
    right: { low: -4, high: -1 },
    takes: numbers,
  },
  mul: { run: tf.mul, define: (a, b) => a * b, takes: dtypes },
  notEqual: {
    run: tf.notEqual,
    define: (a, b) => Number(a !== b),
    left: awkward,
    right: awkward,
    takes: dtypes,
    gives: truth,
  },
  pow: { run: tf.pow, define: (a, b) => a ** b, left: { low: 0.1, high: 3 }, right: { low: -2, high: 2 } },
  'pow of integers': {
    run: tf.pow,
    define: (a, b) => a ** b,
    left: { low: -5, high: 5 },
    right: { low: 0, high: 5 },
    takes: ['int32'],
  },
  'pow by a whole number': {
    run: (a, b) => tf.pow(a, b),
    define: (a, b) => a ** b,
    right: { low: 1, high: 1, special: [2, 3, 0] },
  },
  prelu: { run: tf.prelu, define: (x, alpha) => (x >= 0 ? x : alpha * x) },
  squaredDifference: { run: tf.squaredDifference, define: (a, b) => (a - b) ** 2, takes: numbers },
  sub: { run: tf.sub, define: (a, b) => a - b, takes: numbers },
};

export const binaryProperties: readonly KernelProperty[] = Object.entries(operations).map(
  ([name, { run, define, left = {}, right = {}, takes = floats, gives = sameDtype, exact }]): KernelProperty => ({
    name,
    generate(draw) {
      const [aType, bType] = [draw.pick(takes), draw.pick(takes)];
      const [aShape, bShape] = drawBroadcast(draw);
      const a = drawValues(draw, aShape, aType, left);
      const b = drawValues(draw, bShape, bType, right);
      const dtype = wider(aType, bType);
      const expected = build(broadcastShape(aShape, bShape), (index) => define(at(a, index), at(b, index), dtype));
      const result = gives(dtype);
      return {
        inputs: [a, b],
        run: run as (...inputs: tf.Tensor[]) => tf.Tensor,
        expected: result === 'float32' ? typed(expected, result) : castTo(expected, result),
        ...(exact === true && { terms: 0 }),
      };
    },
  }),
);
