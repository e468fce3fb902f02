/** Casts, one-hots, clipping, choices by a condition, sums of several. */
import * as tf from '@tensorflow/tfjs';
import { at } from '../../../packages/engine/src/gradients/table/reference/array64.ts';
import type { KernelProperty } from '../harness/kernel-case.ts';
import { broadcastShape, filled } from '../harness/shapes.ts';
import { build, castTo, drawValues, dtypes, typed, wider } from '../harness/values.ts';
import { drawBroadcast } from './binary.ts';

const cast: KernelProperty = {
  name: 'cast',
  share: 3,
  generate(draw) {
    const [from, to] = [draw.pick(dtypes), draw.pick(dtypes)];
    const special =
      to === 'int32'
        ? [0, -0, 0.9, -0.9, 254.5, 65_536, -1e6]
        : [0, -0, 256, Number.NaN, 1e-30, Number.POSITIVE_INFINITY];
    const x = drawValues(
      draw,
      draw.shape(0, 6, 3),
      from,
      from === 'float32' ? { low: -300, high: 300, special } : from === 'int32' ? { special: [256, 0, 65_536] } : {},
    );
    // Not-a-number and infinities become integers of no particular value.
    return { options: { to }, inputs: [x], run: (t) => tf.cast(t!, to), expected: castTo(x, to) };
  },
};

const oneHot: KernelProperty = {
  name: 'oneHot',
  share: 2,
  generate(draw) {
    const dtype = draw.pick(dtypes);
    const depth = draw.integer(2, 6);
    const indices = drawValues(draw, draw.shape(0, 3), 'int32', { low: -1, high: depth });
    const given = !draw.yes();
    const [on, off] =
      dtype === 'bool'
        ? [1, 0]
        : dtype === 'int32'
          ? [draw.integer(1, 7), draw.integer(-3, 0)]
          : [draw.integer(1, 7) / 4, draw.integer(-3, 0) / 4];
    const [onValue, offValue] = given ? [1, 0] : [on, off];
    const expected = build([...indices.shape, depth], (index) =>
      at(indices, index.slice(0, -1)) === index[index.length - 1] ? onValue : offValue,
    );
    return {
      options: { depth, onValue, offValue, dtype },
      inputs: [indices],
      run: (t) =>
        given ? tf.oneHot(t!, depth, undefined, undefined, dtype) : tf.oneHot(t!, depth, onValue, offValue, dtype),
      expected: typed(expected, dtype),
      terms: 0,
    };
  },
};

const oneHotByDefault: KernelProperty = {
  name: 'oneHot without a dtype',
  generate(draw) {
    const depth = draw.integer(2, 6);
    const indices = drawValues(draw, [draw.integer(1, 5)], 'int32', { low: 0, high: depth - 1 });
    const expected = build([...indices.shape, depth], ([row, column]) => Number(indices.data[row!] === column));
    return {
      options: { depth },
      inputs: [indices],
      run: (t) => tf.oneHot(t!, depth),
      expected: typed(expected, 'int32'),
    };
  },
};

const where: KernelProperty = {
  name: 'where',
  share: 2,
  generate(draw) {
    const dtype = draw.pick(dtypes);
    const [shapeA, shapeB] = drawBroadcast(draw, 4).map(filled) as [number[], number[]];
    const whole = broadcastShape(shapeA, shapeB);
    const shape = whole.slice(draw.integer(0, whole.length)).map((size) => (draw.rarely() ? 1 : size));
    const [condition, a, b] = [
      drawValues(draw, shape, 'bool'),
      drawValues(draw, shapeA, dtype, { special: [Number.NaN] }),
      drawValues(draw, shapeB, dtype),
    ];
    const expected = build(whole, (index) => (at(condition, index) !== 0 ? at(a, index) : at(b, index)));
    return {
      inputs: [condition, a, b],
      run: (c, t, e) => tf.where(c!, t!, e!),
      expected: typed(expected, dtype),
      terms: 0,
    };
  },
};

const clip: KernelProperty = {
  name: 'clipByValue',
  share: 2,
  generate(draw) {
    const dtype = draw.pick(['float32', 'int32'] as const);
    const x = drawValues(
      draw,
      draw.shape(0, 5, 3),
      dtype,
      dtype === 'float32' ? { special: [Number.POSITIVE_INFINITY] } : {},
    );
    const low = draw.integer(-4, 1) / (dtype === 'float32' ? 4 : 1);
    const high = low + draw.integer(0, 4);
    const expected = { shape: x.shape, data: x.data.map((value) => Math.min(high, Math.max(low, value))) };
    return {
      options: { low, high },
      inputs: [x],
      run: (t) => tf.clipByValue(t!, low, high),
      expected: typed(expected, dtype),
      terms: 0,
    };
  },
};

const addN: KernelProperty = {
  name: 'addN',
  generate(draw) {
    const dtype = draw.pick(['float32', 'int32'] as const);
    const shape = draw.shape(0, 5, 3);
    const inputs = Array.from({ length: draw.integer(1, draw.rarely() ? 4 : 20) }, () =>
      drawValues(draw, shape, dtype),
    );
    const expected = build(shape, () => 0);
    for (const { data } of inputs) {
      data.forEach((value, i) => {
        expected.data[i]! += value;
      });
    }
    return { inputs, run: (...terms) => tf.addN(terms), expected: typed(expected, dtype), terms: 20 };
  },
};

const mixedArithmetic: KernelProperty = {
  name: 'a mask times a number',
  generate(draw) {
    const dtype = draw.pick(['float32', 'int32'] as const);
    const [shapeA, shapeB] = drawBroadcast(draw, 4);
    const [a, b] = [drawValues(draw, shapeA, dtype), drawValues(draw, shapeB, dtype)];
    const whole = broadcastShape(shapeA, shapeB);
    const expected = build(whole, (index) => Number(at(a, index) > 0) * at(b, index));
    return {
      inputs: [a, b],
      run: (x, y) => tf.mul(tf.greater(x!, tf.scalar(0, dtype)), y!),
      expected: typed(expected, wider('bool', dtype)),
    };
  },
};

export const choiceProperties: readonly KernelProperty[] = [
  cast,
  oneHot,
  oneHotByDefault,
  where,
  clip,
  addN,
  mixedArithmetic,
];
