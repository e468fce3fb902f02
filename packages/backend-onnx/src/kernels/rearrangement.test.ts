/** Reductions and the kernels that move or choose elements, against the cpu backend. */

import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { awkwardNumber, expectSameAsCpu, PROPERTY, tensorOf } from '../testing/compare-with-cpu.ts';

const shapes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 5 });
const shapeAndAxes = shapes.chain((shape) =>
  fc.record({
    shape: fc.constant(shape),
    axes: fc.uniqueArray(fc.integer({ min: 0, max: shape.length - 1 }), { minLength: 1 }),
    order: fc.shuffledSubarray(
      shape.map((_, axis) => axis),
      { minLength: shape.length },
    ),
    keepDims: fc.boolean(),
    values: fc.array(awkwardNumber, {
      minLength: tf.util.sizeFromShape(shape),
      maxLength: tf.util.sizeFromShape(shape),
    }),
  }),
);

const reductions = { sum: tf.sum, mean: tf.mean, max: tf.max, min: tf.min, prod: tf.prod };

describe.each(Object.entries(reductions))('%s', (name, reduce) => {
  it('over any axes gives what cpu gives', async () => {
    await fc.assert(
      fc.asyncProperty(shapeAndAxes, ({ shape, axes, keepDims, values }) =>
        expectSameAsCpu(() => reduce(tf.tensor(values, shape, 'float32'), axes, keepDims), 1e-4),
      ),
      PROPERTY,
    );
  });

  it('over long rows and columns gives what cpu gives', () =>
    expectSameAsCpu(() => {
      const x = name === 'prod' ? tf.add(1, tf.mul(tensorOf(1, [700, 37]), 1e-3)) : tensorOf(1, [700, 37]);
      return [reduce(x), reduce(x, 0), reduce(x, 1)];
    }, 1e-4));
});

describe('all and any', () => {
  it('give what cpu gives', async () => {
    await fc.assert(
      fc.asyncProperty(shapeAndAxes, ({ shape, axes, keepDims, values }) =>
        expectSameAsCpu(() => {
          const x = tf.greater(tf.tensor(values, shape, 'float32'), -2);
          return [tf.all(x, axes, keepDims), tf.any(x, axes, keepDims)];
        }),
      ),
      { ...PROPERTY, numRuns: 20 },
    );
  });
});

describe('moving elements', () => {
  it.each(['float32', 'int32', 'bool'] as const)('of type %s gives what cpu gives', async (dtype) => {
    const cases = shapeAndAxes.chain((base) =>
      fc.record({
        base: fc.constant(base),
        begin: fc.tuple(...base.shape.map((length) => fc.integer({ min: 0, max: length - 1 }))),
        reps: fc.tuple(...base.shape.map(() => fc.integer({ min: 1, max: 3 }))),
        padding: fc.tuple(
          ...base.shape.map(() => fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 2 }))),
        ),
      }),
    );
    await fc.assert(
      fc.asyncProperty(cases, ({ base: { shape, axes, order }, begin, reps, padding }) =>
        expectSameAsCpu(() => {
          const x = tf.cast(tf.mul(tensorOf(1, shape), 9), dtype);
          const size = shape.map((length, axis) => Math.max(1, length - (begin[axis] as number) - (axis % 2)));
          const clipped = size.map((length, axis) =>
            Math.min(length, (shape[axis] as number) - (begin[axis] as number)),
          );
          const moved = [
            tf.transpose(x, order),
            tf.slice(x, begin, clipped),
            tf.tile(x, reps),
            tf.reverse(x, axes),
            tf.concat([x, x, x], axes[0]),
            tf.stack([x, x, tf.reverse(x, axes)], axes[0]),
            ...tf.unstack(x, axes[0]),
            ...tf.split(tf.tile(x, reps), reps[axes[0] as number] as number, axes[0]),
            ...tf.split(x, [1, (shape[axes[0] as number] as number) - 1], axes[0]),
            tf.stridedSlice(x, begin, shape, reps),
            tf.stridedSlice(
              x,
              begin,
              shape.map(() => -9),
              reps.map((step) => -step),
            ),
            tf.reshape(x, [-1]),
          ];
          return dtype === 'bool' ? moved : [...moved, tf.pad(x, padding, 3)];
        }),
      ),
      PROPERTY,
    );
  });

  it('mirrored at the borders gives what cpu gives', async () => {
    const cases = shapes.chain((shape) =>
      fc.record({
        shape: fc.constant(shape),
        mode: fc.constantFrom('reflect' as const, 'symmetric' as const),
        padding: fc.tuple(
          ...shape.map((length) =>
            fc.tuple(fc.integer({ min: 0, max: length - 1 }), fc.integer({ min: 0, max: length - 1 })),
          ),
        ),
      }),
    );
    await fc.assert(
      fc.asyncProperty(cases, ({ shape, mode, padding }) =>
        expectSameAsCpu(() => tf.mirrorPad(tensorOf(1, shape), padding, mode)),
      ),
      PROPERTY,
    );
  });

  it('from channels to pixels gives what cpu gives', () =>
    expectSameAsCpu(() => [
      tf.depthToSpace(tensorOf(1, [2, 3, 4, 12]) as tf.Tensor4D, 2),
      tf.depthToSpace(tensorOf(1, [1, 2, 1, 9]) as tf.Tensor4D, 3),
    ]));

  it('the gradient of concat, a split, runs natively', async () => {
    await tf.setBackend('onnx');
    const cpu = tf.getKernel('SplitV', 'cpu') as tf.KernelConfig;
    const own = cpu.kernelFunc;
    let calls = 0;
    Object.assign(cpu, {
      kernelFunc: (params: Parameters<tf.KernelFunc>[0]) => {
        calls += 1;
        return own(params);
      },
    });
    try {
      const [da, db] = tf.tidy(() => {
        const [a, b] = [tensorOf(1, [2, 3]), tensorOf(2, [2, 2])];
        const weighted = (a: tf.Tensor, b: tf.Tensor) =>
          tf.sum(tf.mul(tf.concat([a, b], 1), tf.tensor2d([[1, 2, 3, 4, 5]])));
        return tf
          .grads(weighted as (...args: tf.Tensor[]) => tf.Tensor)([a, b])
          .map((x) => x.arraySync());
      });
      expect(da).toEqual([
        [1, 2, 3],
        [1, 2, 3],
      ]);
      expect(db).toEqual([
        [4, 5],
        [4, 5],
      ]);
      expect(calls).toBe(0);
    } finally {
      Object.assign(cpu, { kernelFunc: own });
    }
  });

  it('of large transposes gives what cpu gives', () =>
    expectSameAsCpu(() => [
      tf.transpose(tensorOf(1, [90, 70])),
      tf.transpose(tensorOf(1, [5, 12, 10, 16]), [0, 3, 1, 2]),
      tf.transpose(tensorOf(1, [1, 80, 90]), [1, 0, 2]),
    ]));
});

describe('choosing elements', () => {
  it('gather, one-hot and sums by segment give what cpu gives', () =>
    expectSameAsCpu(() => {
      const x = tensorOf(1, [6, 5, 4]);
      const indices = tf.tensor2d([0, 3, 2, 2, 1, 3], [2, 3], 'int32');
      return [
        tf.gather(x, indices, 0),
        tf.gather(x, indices, 1),
        tf.gather(x, indices, 2),
        tf.oneHot(tf.tensor1d([0, 5, 2, -1], 'int32'), 4),
        tf.unsortedSegmentSum(x, tf.tensor1d([2, 0, 2, -1, 1, 0], 'int32'), 3),
      ];
    }));

  it('gather refuses an index out of range as cpu does', async () => {
    await tf.setBackend('onnx');
    expect(() => tf.tidy(() => tf.gather(tensorOf(1, [3]), tf.tensor1d([3], 'int32')))).toThrow(/not in \[0, 2\]/);
  });

  it('argMax, argMin and topk give what cpu gives, ties included', async () => {
    await fc.assert(
      fc.asyncProperty(shapeAndAxes, ({ shape, axes }) =>
        expectSameAsCpu(() => {
          const x = tf.round(tf.mul(tensorOf(1, shape), 3));
          const { values, indices } = tf.topk(x, Math.min(3, shape[shape.length - 1] as number));
          return [tf.argMax(x, axes[0]), tf.argMin(x, axes[0]), values, indices];
        }),
      ),
      PROPERTY,
    );
  });

  it('softmax, logSoftmax and addN give what cpu gives', () =>
    expectSameAsCpu(() => {
      const x = tf.mul(tensorOf(1, [30, 17]), 8);
      return [tf.softmax(x), tf.logSoftmax(x), tf.addN([x, x, tensorOf(2, [30, 17])])];
    }));
});
