/** Element-wise kernels against the cpu backend: shapes that broadcast, empty ones, not-a-number and infinities. */

import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { awkwardNumber, expectSameAsCpu, PROPERTY, tensorOf } from '../testing/compare-with-cpu.ts';

/** Two shapes that broadcast: for each axis from the end a length, and for each operand whether it has it, has 1, or ends before. */
const shapePair = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 2 })), { maxLength: 5 })
  .chain((axes) =>
    fc.tuple(fc.constant(axes), fc.integer({ min: 0, max: axes.length }), fc.integer({ min: 0, max: axes.length })),
  )
  .map(([axes, cutA, cutB]) => ({
    a: axes.map(([length, kind]) => (kind === 1 ? 1 : length)).slice(cutA),
    b: axes.map(([length, kind]) => (kind === 2 ? 1 : length)).slice(cutB),
  }));

const filled = (shape: number[]) =>
  fc.array(awkwardNumber, { minLength: tf.util.sizeFromShape(shape), maxLength: tf.util.sizeFromShape(shape) });

const operands = shapePair.chain(({ a, b }) =>
  fc.record({ a: fc.constant(a), b: fc.constant(b), valuesA: filled(a), valuesB: filled(b) }),
);

const binary: Record<string, (a: tf.Tensor, b: tf.Tensor) => tf.Tensor> = {
  add: tf.add,
  sub: tf.sub,
  mul: tf.mul,
  div: tf.div,
  floorDiv: tf.floorDiv,
  squaredDifference: tf.squaredDifference,
  maximum: tf.maximum,
  minimum: tf.minimum,
  equal: tf.equal,
  notEqual: tf.notEqual,
  less: tf.less,
  lessEqual: tf.lessEqual,
  greater: tf.greater,
  greaterEqual: tf.greaterEqual,
  prelu: tf.prelu,
  logicalAnd: (a, b) => tf.logicalAnd(tf.cast(a, 'bool'), tf.cast(b, 'bool')),
  logicalOr: (a, b) => tf.logicalOr(tf.greater(a, 0), tf.greater(b, 0)),
  addInt32: (a, b) => tf.add(tf.cast(tf.clipByValue(a, -9, 9), 'int32'), tf.cast(tf.clipByValue(b, -9, 9), 'int32')),
  subInt32: (a, b) => tf.sub(tf.cast(tf.clipByValue(a, -9, 9), 'int32'), tf.cast(tf.clipByValue(b, -9, 9), 'int32')),
};

describe.each([1, 2, 3, -2, 0.5])('the power %d', (exponent) => {
  it('gives what cpu gives', async () => {
    await fc.assert(
      fc.asyncProperty(operands, ({ a, valuesA }) =>
        expectSameAsCpu(() => {
          const x = tf.tensor(valuesA, a, 'float32');
          return [tf.pow(x, exponent), tf.grad((x) => tf.pow(x, exponent))(x)];
        }),
      ),
      PROPERTY,
    );
  });
});

describe.each(Object.keys(binary))('binary %s', (name) => {
  it('gives what cpu gives', async () => {
    await fc.assert(
      fc.asyncProperty(operands, ({ a, b, valuesA, valuesB }) =>
        expectSameAsCpu(() =>
          (binary[name] as (a: tf.Tensor, b: tf.Tensor) => tf.Tensor)(
            tf.tensor(valuesA, a, 'float32'),
            tf.tensor(valuesB, b, 'float32'),
          ),
        ),
      ),
      PROPERTY,
    );
  });
});

describe('large operands, where ONNX Runtime computes', () => {
  const shapes: [number[], number[]][] = [
    [[70000], [70000]],
    [[300, 300], [300]],
    [
      [300, 300],
      [300, 1],
    ],
    [[], [70000]],
    [
      [1, 300, 200],
      [2, 1, 200],
    ],
  ];
  for (const [name, operation] of Object.entries({ add: tf.add, sub: tf.sub, mul: tf.mul, div: tf.div })) {
    it.each(shapes)(`${name} of %j and %j`, (a, b) => expectSameAsCpu(() => operation(tensorOf(1, a), tensorOf(2, b))));
  }
});

const unary: Record<string, (x: tf.Tensor) => tf.Tensor> = {
  neg: tf.neg,
  abs: tf.abs,
  square: tf.square,
  sqrt: tf.sqrt,
  rsqrt: tf.rsqrt,
  reciprocal: tf.reciprocal,
  floor: tf.floor,
  ceil: tf.ceil,
  round: tf.round,
  sign: tf.sign,
  relu: tf.relu,
  relu6: tf.relu6,
  clipByValue: (x) => tf.clipByValue(x, -1.5, 2),
  leakyRelu: (x) => tf.leakyRelu(x, 0.3),
  step: (x) => tf.step(x, 0.25),
  isNaN: tf.isNaN,
  isInf: tf.isInf,
  isFinite: tf.isFinite,
  logicalNot: (x) => tf.logicalNot(tf.greater(x, 0)),
  exp: tf.exp,
  log: tf.log,
  sin: (x) => tf.sin(tf.clipByValue(x, -5, 5)),
  cos: (x) => tf.cos(tf.clipByValue(x, -5, 5)),
  tanh: tf.tanh,
  sigmoid: tf.sigmoid,
  softplus: tf.softplus,
  erf: tf.erf,
  elu: tf.elu,
  selu: tf.selu,
  boolToFloat: (x) => tf.cast(tf.greater(x, 0), 'float32'),
  floatToBool: (x) => tf.cast(x, 'bool'),
  int32ToFloat: (x) => tf.cast(tf.cast(tf.clipByValue(x, -9, 9), 'int32'), 'float32'),
  boolToInt32: (x) => tf.cast(tf.greater(x, 0), 'int32'),
  zerosLike: tf.zerosLike,
  onesLike: tf.onesLike,
};

describe.each(Object.keys(unary))('unary %s', (name) => {
  const operation = unary[name] as (x: tf.Tensor) => tf.Tensor;

  it('gives what cpu gives', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(awkwardNumber, { maxLength: 40 }), (values) =>
        expectSameAsCpu(() => operation(tf.tensor1d(values, 'float32')), 2e-5),
      ),
      { ...PROPERTY, numRuns: 20 },
    );
  });

  it('gives what cpu gives for many elements, not-a-number and infinities among them', () =>
    expectSameAsCpu(() => {
      const awkward = [Number.NaN, Infinity, -Infinity, 0, -0, 1e-30, 88, -88, 1e30, -1e30];
      return operation(tf.concat([tf.mul(tensorOf(3, [3000]), 12), tf.tensor1d(awkward), tensorOf(4, [200])]));
    }, 2e-5));
});

describe('select', () => {
  it('gives what cpu gives', () =>
    expectSameAsCpu(() => [
      tf.where(tf.greater(tensorOf(1, [7, 5]), 0), tensorOf(2, [7, 5]), tensorOf(3, [7, 5])),
      tf.where(tf.greater(tensorOf(1, [7, 1]), 0), tensorOf(2, [7, 5]), tensorOf(3, [1, 5])),
    ]));
});
