/** Sums, products, extremes and the like over axes, and running sums along one. */
import * as tf from '@tensorflow/tfjs';
import {
  fold,
  logSumExp,
  mean,
  reduce,
  sum,
  transpose,
  variance,
} from '../../../packages/engine/src/gradients/table/reference/array64.ts';
import type { Draw } from '../harness/draw.ts';
import type { KernelProperty } from '../harness/kernel-case.ts';
import { filled } from '../harness/shapes.ts';
import { type Array64, build, type Dtype, drawValues, dtypes, type Range, sizeOf, typed } from '../harness/values.ts';

const floats: readonly Dtype[] = ['float32'];
const sameDtype = (dtype: Dtype): Dtype => dtype;

interface Reduction {
  readonly run: (x: tf.Tensor, axes: number | number[] | undefined, keepDims: boolean) => tf.Tensor;
  readonly define: (values: number[]) => number;
  readonly takes?: readonly Dtype[];
  readonly gives?: (dtype: Dtype) => Dtype;
  readonly range?: Range;
  readonly terms?: number;
  /** Whether a window without entries has a value. */
  readonly empty?: boolean;
}

const numbers: readonly Dtype[] = ['float32', 'int32'];
const boolToInt = (dtype: Dtype): Dtype => (dtype === 'bool' ? 'int32' : dtype);
const product = (values: number[]) => values.reduce((total, value) => total * value, 1);
const norm = (values: number[]) => Math.sqrt(sum(values.map((value) => value * value)));
const largest = (values: number[]) => (values.some(Number.isNaN) ? Number.NaN : Math.max(...values));
const smallest = (values: number[]) => (values.some(Number.isNaN) ? Number.NaN : Math.min(...values));

const operations: Record<string, Reduction> = {
  all: { run: tf.all, define: (values) => Number(values.every((value) => value !== 0)), takes: ['bool'] },
  any: { run: tf.any, define: (values) => Number(values.some((value) => value !== 0)), takes: ['bool'] },
  logSumExp: { run: tf.logSumExp, define: logSumExp, empty: false },
  max: { run: tf.max, define: largest, takes: numbers, empty: false, terms: 0 },
  mean: { run: tf.mean, define: mean, takes: numbers, gives: () => 'float32', empty: false, terms: 10 },
  min: { run: tf.min, define: smallest, takes: numbers, empty: false, terms: 0 },
  norm: { run: (x, axes, keepDims) => tf.norm(x, 'euclidean', axes, keepDims), define: norm, terms: 4 },
  prod: { run: tf.prod, define: product, takes: dtypes, gives: boolToInt, range: { low: -2, high: 2 }, terms: 20 },
  sum: { run: tf.sum, define: sum, takes: dtypes, gives: boolToInt, terms: 40 },
  variance: {
    run: (x, axes, keepDims) => tf.moments(x, axes, keepDims).variance,
    define: variance,
    empty: false,
    terms: 4,
  },
};

function drawAxes(draw: Draw, rank: number): { axes: number[]; given: number | number[] | undefined } {
  if (rank === 0 || draw.rarely(6)) return { axes: Array.from({ length: rank }, (_, i) => i), given: undefined };
  const count = draw.integer(1, rank);
  const axes = draw.order(rank).slice(0, count);
  const given = axes.map((axis) => (draw.rarely() ? axis - rank : axis));
  return { axes, given: given.length === 1 && draw.yes() ? given[0] : given };
}

const reductions: readonly KernelProperty[] = Object.entries(operations).map(
  ([name, { run, define, takes = floats, gives = sameDtype, range = {}, terms, empty = true }]): KernelProperty => ({
    name,
    share: 1.5,
    generate(draw) {
      const dtype: Dtype = draw.pick(takes);
      const drawn = draw.shape(0, 5);
      const shape = empty ? drawn : filled(drawn);
      const { axes, given } = drawAxes(draw, shape.length);
      // `norm` takes one axis or two.
      const usable = name !== 'norm' || given === undefined || axes.length === 1;
      const [chosen, asGiven] = usable ? [axes, given] : [axes.slice(0, 1), axes[0]];
      const keepDims = draw.yes();
      const x = drawValues(draw, shape, dtype, range);
      const entries = [...chosen].sort((a, b) => a - b);
      const expected = keepDims ? reduce(x, entries, define) : fold(x, entries, define);
      return {
        options: { axes: asGiven ?? 'all', keepDims },
        inputs: [x],
        run: (t) => run(t!, asGiven, keepDims),
        expected: typed(expected, gives(dtype)),
        ...(terms !== undefined && { terms }),
      };
    },
  }),
);

const positions: readonly KernelProperty[] = [
  { name: 'argMax', run: tf.argMax, best: Math.max },
  { name: 'argMin', run: tf.argMin, best: Math.min },
].map(
  ({ name, run, best }): KernelProperty => ({
    name,
    share: 1.5,
    generate(draw) {
      const dtype = draw.pick(['float32', 'int32', 'bool'] as const);
      const shape = filled(draw.shape(1, 5));
      const axis = draw.integer(0, shape.length - 1);
      const given = draw.rarely() ? axis - shape.length : axis;
      const x = drawValues(draw, shape, dtype);
      const expected = fold(x, [axis], (values) => values.indexOf(best(...values)));
      return {
        options: { axis: given },
        inputs: [x],
        run: (t) => run(t!, given),
        expected: typed(expected, 'int32'),
      };
    },
  }),
);

/** Applies `f` to every line along `axis`. */
export function alongAxis(x: Array64, axis: number, f: (line: number[]) => number[]): Array64 {
  const rank = x.shape.length;
  const last = [...Array.from({ length: rank }, (_, i) => i).filter((i) => i !== axis), axis];
  const moved = transpose(x, last);
  const length = x.shape[axis]!;
  const data = new Float64Array(moved.data.length);
  for (let from = 0; from < data.length; from += length)
    data.set(f(Array.from(moved.data.subarray(from, from + length))), from);
  return transpose(
    { shape: moved.shape, data },
    Array.from({ length: rank }, (_, i) => last.indexOf(i)),
  );
}

const running: readonly KernelProperty[] = [
  { name: 'cumsum', operation: tf.cumsum },
  { name: 'cumprod', operation: tf.cumprod },
].map(
  ({ name, operation }): KernelProperty => ({
    name,
    share: 1.5,
    generate(draw) {
      const dtype = draw.pick(numbers);
      const shape = draw.shape(1, 4);
      const axis = draw.integer(0, shape.length - 1);
      const given = draw.rarely() ? axis - shape.length : axis;
      const [exclusive, reverse] = [draw.yes(), draw.yes()];
      const x = drawValues(draw, shape, dtype, { low: -3, high: 3 });
      const combine = name === 'cumsum' ? (a: number, b: number) => a + b : (a: number, b: number) => a * b;
      const expected = alongAxis(x, axis, (line) => {
        const ordered = reverse ? [...line].reverse() : line;
        let total = name === 'cumsum' ? 0 : 1;
        const totals = ordered.map((value) => {
          const before = total;
          total = combine(total, value);
          return exclusive ? before : total;
        });
        return reverse ? totals.reverse() : totals;
      });
      return {
        options: { axis: given, exclusive, reverse },
        inputs: [x],
        run: (t) => operation(t!, given, exclusive, reverse),
        expected: typed(expected, dtype),
        terms: 20,
      };
    },
  }),
);

const softmaxes: readonly KernelProperty[] = [
  { name: 'softmax', run: tf.softmax },
  { name: 'logSoftmax', run: tf.logSoftmax },
].map(
  ({ name, run }): KernelProperty => ({
    name,
    generate(draw) {
      const shape = filled(draw.shape(1, 4, 5));
      const x = drawValues(draw, shape, 'float32', { low: -30, high: 30 });
      const expected = alongAxis(x, shape.length - 1, (line) => {
        const total = logSumExp(line);
        return line.map((value) => (name === 'softmax' ? Math.exp(value - total) : value - total));
      });
      return { inputs: [x], run: (t) => run(t!), expected: typed(expected, 'float32'), terms: 4 };
    },
  }),
);

const topk: KernelProperty = {
  name: 'topk',
  generate(draw) {
    const dtype = draw.pick(numbers);
    const shape = filled(draw.shape(1, 3, 6));
    const length = shape[shape.length - 1]!;
    const k = draw.integer(1, length);
    const x = drawValues(draw, shape, dtype, { low: -50, high: 50 });
    const orders: number[][] = [];
    for (let from = 0; from < sizeOf(shape); from += length) {
      const line = Array.from(x.data.subarray(from, from + length));
      orders.push([...line.keys()].sort((a, b) => line[b]! - line[a]! || a - b).slice(0, k));
    }
    const outShape = [...shape.slice(0, -1), k];
    const indices = build(outShape, () => 0);
    indices.data.set(orders.flat());
    const values = build(outShape, () => 0);
    values.data.set(orders.flatMap((order, row) => order.map((i) => x.data[row * length + i]!)));
    return {
      options: { k },
      inputs: [x],
      run: (t) => Object.values(tf.topk(t!, k)) as tf.Tensor[],
      expected: [typed(values, dtype), typed(indices, 'int32')],
      terms: 0,
    };
  },
};

export const reductionProperties: readonly KernelProperty[] = [
  ...reductions,
  ...positions,
  ...running,
  ...softmaxes,
  topk,
];
