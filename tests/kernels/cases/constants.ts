/** Tensors made from nothing: constants, sequences, unit matrices. */
import * as tf from '@tensorflow/tfjs';
import type { KernelProperty } from '../harness/kernel-case.ts';
import { build, dtypes, stored, typed } from '../harness/values.ts';

const fill: KernelProperty = {
  name: 'fill',
  generate(draw) {
    const dtype = draw.pick(dtypes);
    const shape = draw.shape(0, 6, 3);
    const value = stored(draw.integer(-3, 9) / (dtype === 'float32' ? 3 : 1), dtype);
    const expected = build(shape, () => value);
    return {
      options: { shape, value, dtype },
      inputs: [],
      run: () => tf.fill(shape, value, dtype),
      expected: typed(expected, dtype),
      terms: 0,
    };
  },
};

const constants: KernelProperty = {
  name: 'zeros and ones',
  generate(draw) {
    const dtype = draw.pick(dtypes);
    const shape = draw.shape(0, 6, 3);
    const value = draw.integer(0, 1);
    return {
      options: { shape, value, dtype },
      inputs: [],
      run: () => (value === 0 ? tf.zeros(shape, dtype) : tf.ones(shape, dtype)),
      expected: typed(
        build(shape, () => value),
        dtype,
      ),
    };
  },
};

const range: KernelProperty = {
  name: 'range',
  generate(draw) {
    const dtype = draw.pick(['float32', 'int32'] as const);
    const start = draw.integer(-5, 5);
    const step = draw.pick([1, 2, -1, -2, 3]) / (dtype === 'float32' ? 4 : 1);
    const count = draw.integer(0, 7);
    const stop = start + step * count;
    const expected = build([count], ([i]) => start + step * i!);
    return {
      options: { start, stop, step, dtype },
      inputs: [],
      run: () => tf.range(start, stop, step, dtype),
      expected: typed(expected, dtype),
    };
  },
};

const linspace: KernelProperty = {
  name: 'linspace',
  generate(draw) {
    const [start, stop, count] = [draw.integer(-5, 5), draw.integer(-5, 5), draw.integer(1, 7)];
    const expected = build([count], ([i]) => (count === 1 ? start : start + ((stop - start) * i!) / (count - 1)));
    return {
      options: { start, stop, count },
      inputs: [],
      run: () => tf.linspace(start, stop, count),
      expected: typed(expected, 'float32'),
      terms: 5,
    };
  },
};

const eye: KernelProperty = {
  name: 'eye',
  generate(draw) {
    const dtype = draw.pick(['float32', 'int32', 'bool'] as const);
    const [rows, columns] = [draw.integer(1, 5), draw.integer(1, 5)];
    const batch = draw.yes() ? [draw.integer(1, 3)] : undefined;
    const expected = build([...(batch ?? []), rows, columns], (index) =>
      Number(index[index.length - 1] === index[index.length - 2]),
    );
    return {
      options: { rows, columns, batch, dtype },
      inputs: [],
      run: () => tf.eye(rows, columns, batch as [number] | undefined, dtype),
      expected: typed(expected, dtype),
    };
  },
};

export const constantProperties: readonly KernelProperty[] = [fill, constants, range, linspace, eye];
