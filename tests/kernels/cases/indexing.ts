/** Entries taken from, and put to, places that another tensor names. */
import * as tf from '@tensorflow/tfjs';
import { at } from '../../../packages/engine/src/gradients/table/reference/array64.ts';
import type { KernelProperty } from '../harness/kernel-case.ts';
import { filled, replaced } from '../harness/shapes.ts';
import { build, drawValues, dtypes, sizeOf, typed } from '../harness/values.ts';

const numbers = ['float32', 'int32'] as const;

const gather: KernelProperty = {
  name: 'gather',
  share: 2,
  generate(draw) {
    const dtype = draw.pick(dtypes);
    const shape = filled(draw.shape(1, 4, 4));
    const axis = draw.integer(0, shape.length - 1);
    const given = draw.rarely() ? axis - shape.length : axis;
    const x = drawValues(draw, shape, dtype);
    const indices = drawValues(draw, draw.shape(0, 2, 4), 'int32', { low: 0, high: shape[axis]! - 1 });
    const rank = indices.shape.length;
    const expected = build([...shape.slice(0, axis), ...indices.shape, ...shape.slice(axis + 1)], (index) =>
      at(x, [...index.slice(0, axis), at(indices, index.slice(axis, axis + rank)), ...index.slice(axis + rank)]),
    );
    return {
      options: { axis: given },
      inputs: [x, indices],
      run: (t, i) => tf.gather(t!, i as tf.Tensor1D, given),
      expected: typed(expected, dtype),
      terms: 0,
    };
  },
};

const gatherInBatches: KernelProperty = {
  name: 'gather with batchDims',
  generate(draw) {
    const dtype = draw.pick(dtypes);
    const batchDims = draw.integer(1, 2);
    const batch = Array.from({ length: batchDims }, () => draw.integer(1, 3));
    const rest = Array.from({ length: draw.integer(1, 2) }, () => draw.integer(1, 4));
    const axis = batchDims + draw.integer(0, rest.length - 1);
    const shape = [...batch, ...rest];
    const x = drawValues(draw, shape, dtype);
    const indices = drawValues(draw, [...batch, draw.integer(1, 3)], 'int32', { low: 0, high: shape[axis]! - 1 });
    const expected = build(replaced(shape, axis, indices.shape[batchDims]!), (index) =>
      at(x, replaced(index, axis, at(indices, [...index.slice(0, batchDims), index[axis]!]))),
    );
    return {
      options: { axis, batchDims },
      inputs: [x, indices],
      run: (t, i) => tf.gather(t!, i as tf.Tensor1D, axis, batchDims),
      expected: typed(expected, dtype),
      terms: 0,
    };
  },
};

const gatherNd: KernelProperty = {
  name: 'gatherND',
  generate(draw) {
    const dtype = draw.pick(numbers);
    const shape = filled(draw.shape(1, 4, 4));
    const depth = draw.integer(1, shape.length);
    const count = draw.integer(1, 4);
    const x = drawValues(draw, shape, dtype);
    const places = build([count, depth], () => 0);
    for (let i = 0; i < places.data.length; i++) places.data[i] = draw.integer(0, shape[i % depth]! - 1);
    const expected = build([count, ...shape.slice(depth)], ([row, ...index]) =>
      at(x, [...places.data.subarray(row! * depth, (row! + 1) * depth), ...index]),
    );
    return {
      inputs: [x, typed(places, 'int32')],
      run: (t, i) => tf.gatherND(t!, i!),
      expected: typed(expected, dtype),
      terms: 0,
    };
  },
};

const scatterNd: KernelProperty = {
  name: 'scatterND',
  generate(draw) {
    const dtype = draw.pick(numbers);
    const shape = filled(draw.shape(1, 3, 4));
    const depth = draw.integer(1, shape.length);
    const count = draw.integer(1, 5);
    const places = build([count, depth], () => 0);
    for (let i = 0; i < places.data.length; i++) places.data[i] = draw.integer(0, shape[i % depth]! - 1);
    const rest = shape.slice(depth);
    const updates = drawValues(draw, [count, ...rest], dtype);
    const expected = build(shape, () => 0);
    const width = sizeOf(rest);
    for (let row = 0; row < count; row++) {
      let place = 0;
      for (let i = 0; i < depth; i++) place = place * shape[i]! + places.data[row * depth + i]!;
      for (let i = 0; i < width; i++) expected.data[place * width + i]! += updates.data[row * width + i]!;
    }
    return {
      options: { shape },
      inputs: [typed(places, 'int32'), updates],
      run: (i, u) => tf.scatterND(i!, u!, shape),
      expected: typed(expected, dtype),
      terms: 5,
    };
  },
};

const segments: KernelProperty = {
  name: 'unsortedSegmentSum',
  generate(draw) {
    const dtype = draw.pick(numbers);
    const shape = filled(draw.shape(1, 3, 5));
    const count = draw.integer(1, 5);
    const x = drawValues(draw, shape, dtype);
    const ids = drawValues(draw, shape.slice(0, 1), 'int32', { low: 0, high: count - 1 });
    const expected = build([count, ...shape.slice(1)], () => 0);
    const width = sizeOf(shape.slice(1));
    x.data.forEach((value, i) => {
      expected.data[ids.data[Math.floor(i / width)]! * width + (i % width)]! += value;
    });
    return {
      options: { count },
      inputs: [x, ids],
      run: (t, i) => tf.unsortedSegmentSum(t!, i as tf.Tensor1D, count),
      expected: typed(expected, dtype),
      terms: 8,
    };
  },
};

const gatherGradient: KernelProperty = {
  name: 'gradient of gather',
  generate(draw) {
    const shape = filled(draw.shape(1, 4, 4));
    const axis = draw.integer(0, shape.length - 1);
    const x = drawValues(draw, shape);
    const indices = drawValues(draw, [draw.integer(1, 5)], 'int32', { low: 0, high: shape[axis]! - 1 });
    const dy = drawValues(draw, replaced(shape, axis, indices.data.length));
    const expected = build(shape, (index) => {
      let total = 0;
      indices.data.forEach((from, row) => {
        if (from === index[axis]) total += at(dy, replaced(index, axis, row));
      });
      return total;
    });
    return {
      options: { axis },
      inputs: [x, indices, dy],
      run: (t, i, d) => tf.grad((y: tf.Tensor) => tf.gather(y, i as tf.Tensor1D, axis))(t!, d!),
      expected: typed(expected, 'float32'),
      terms: 8,
    };
  },
};

export const indexingProperties: readonly KernelProperty[] = [
  gather,
  gatherInBatches,
  gatherNd,
  scatterNd,
  segments,
  gatherGradient,
];
