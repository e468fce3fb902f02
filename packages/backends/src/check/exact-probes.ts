// What has one right answer, to the last bit: one-hots, comparisons, casts and whole numbers. A network that is told classes stands on
// them, and a backend that has them wrong trains on as if nothing were amiss. Their results are written down here by hand.
import * as tf from '@tensorflow/tfjs';

/** An operation, and the numbers that it must give, row by row. */
export interface ExactProbe {
  run(): tf.Tensor;
  readonly expected: readonly number[];
}

const whole = (...values: number[]) => tf.tensor1d(values, 'int32');
const real = (...values: number[]) => tf.tensor1d(values, 'float32');
/** Several vectors as one, in numbers that every backend reads alike. */
const together = (...tensors: tf.Tensor[]) => tf.concat(tensors.map((tensor) => tf.cast(tensor, 'float32').flatten()));

export const exactProbes: Readonly<Record<string, ExactProbe>> = {
  // The last label is none of the three classes; its row is empty.
  oneHot: { run: () => tf.oneHot(whole(2, 0, 1, 3), 3), expected: [0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 0] },
  'oneHot in float32': {
    run: () => tf.oneHot(whole(1, 0), 2, 0.75, -0.25, 'float32' as 'int32'),
    expected: [-0.25, 0.75, 0.75, -0.25],
  },
  comparisons: {
    run: () => {
      const [a, b] = [real(1, 2, 3), real(3, 2, 1)];
      return together(tf.greater(a, b), tf.greaterEqual(a, b), tf.less(a, b), tf.equal(a, b), tf.notEqual(a, b));
    },
    expected: [0, 0, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1, 0, 1],
  },
  'comparisons of whole numbers': {
    run: () => together(tf.greater(whole(1, 2, -3), whole(0, 2, 1)), tf.equal(whole(7, 300), whole(7, 44))),
    expected: [1, 0, 0, 1, 0],
  },
  'cast to whole numbers': { run: () => tf.cast(real(1.75, -1.75, 0.5, 300), 'int32'), expected: [1, -1, 0, 300] },
  'cast to bool': {
    run: () => together(tf.cast(whole(0, 1, 256, -1, 0), 'bool'), tf.cast(real(0, 0.5, 256), 'bool')),
    expected: [0, 1, 1, 1, 0, 0, 1, 1],
  },
  'arithmetic of whole numbers': {
    run: () => {
      const [a, b] = [whole(7, -7, 1000), whole(2, 2, 1000)];
      return together(
        tf.add(a, b),
        tf.mul(a, b),
        tf.floorDiv(a, b),
        tf.maximum(a, b),
        tf.mod(whole(7, 9), whole(4, 3)),
      );
    },
    expected: [9, -5, 2000, 14, -14, 1_000_000, 3, -4, 1, 7, 2, 1000, 3, 0],
  },
  // A graphics card binds so many tensors to one program and no more; whoever sums more must do it in turns.
  'sums and rows of many tensors': {
    run: () => {
      const many = Array.from({ length: 20 }, (_, index) => real(index, 1));
      return together(tf.addN(many), tf.sum(tf.concat(many)), tf.sum(tf.stack(many), 0));
    },
    expected: [190, 20, 210, 190, 20],
  },
  where: {
    run: () =>
      tf.where(
        tf.tensor2d([1, 0, 0, 1, 1], [5, 1], 'bool'),
        whole(1, 2, 3, 4, 5).as2D(5, 1),
        whole(-1, -2, -3, -4, -5).as2D(5, 1),
      ),
    expected: [1, -2, -3, 4, 5],
  },
  'argMax and accuracy': {
    run: () => {
      const rows = tf.tensor2d([0, 3, 1, 2, 0, 1, 0, 0, 5], [3, 3]);
      const found = tf.argMax(rows, 1);
      return together(
        found,
        tf
          .mean(tf.cast(tf.equal(found, whole(1, 2, 2)), 'float32'))
          .mul(3)
          .round(),
      );
    },
    expected: [1, 0, 2, 2],
  },
  'gather and slice of whole numbers': {
    run: () => together(tf.gather(whole(10, 20, 30), whole(2, 2, 0)), tf.slice(whole(1, 2, 3, 4), 1, 2)),
    expected: [30, 30, 10, 2, 3],
  },
};
