/** Gradients of power, squared difference, products and running sums. */
import * as tf from '@tensorflow/tfjs';
import { type Gradient, mask, outputOf, sumToShape } from './gradient.ts';

/**
 * `d a^b / da = b a^(b-1)` and `d a^b / db = a^b log a` (0 where a <= 0). At a = b = 0 the exponent b - 1 is raised to 0:
 * the factor b makes the result 0, and 0 * 0^-1 would be NaN.
 */
const pow: Gradient = {
  kernelName: 'Pow',
  inputsToSave: ['a', 'b'],
  outputsToSave: [true],
  gradFunc: (dy, [a, b, y]) => ({
    a: () => {
      const exponent = tf.cast(b!, 'float32');
      const corner = mask(tf.logicalAnd(tf.equal(a!, 0), tf.equal(exponent, 0)));
      const power = tf.pow(a!, tf.add(tf.sub(exponent, 1), corner));
      return sumToShape(tf.mul(dy, tf.mul(exponent, power)), a!.shape);
    },
    b: () => {
      const positive = tf.step(a!);
      // log 1 = 0 stands in for the logarithm of what is not positive.
      const logarithm = tf.log(tf.add(tf.mul(a!, positive), tf.sub(1, positive)));
      const value = outputOf(y!, () => tf.pow(a!, b!));
      return sumToShape(tf.mul(dy, tf.mul(value, logarithm)), b!.shape);
    },
  }),
};

const squaredDifference: Gradient = {
  kernelName: 'SquaredDifference',
  inputsToSave: ['a', 'b'],
  gradFunc: (dy, [a, b]) => ({
    a: () => sumToShape(tf.mul(dy, tf.mul(2, tf.sub(a!, b!))), a!.shape),
    b: () => sumToShape(tf.mul(dy, tf.mul(2, tf.sub(b!, a!))), b!.shape),
  }),
};

/** The adjoint of a running sum is the running sum from the other end. (tfjs transposes it wrongly off the last axis.) */
const cumsum: Gradient = {
  kernelName: 'Cumsum',
  gradFunc: (dy, _saved, attributes) => ({
    x: () =>
      tf.cumsum(
        dy,
        attributes['axis'] as number,
        attributes['exclusive'] as boolean,
        !(attributes['reverse'] as boolean),
      ),
  }),
};

/** `[outer, n, inner]`: the axis of a product, and what is before and after it. */
function aroundAxis(x: tf.Tensor, axis: number): tf.Tensor3D {
  const shape = x.shape;
  const outer = tf.util.sizeFromShape(shape.slice(0, axis));
  return tf.reshape(x, [outer, shape[axis]!, tf.util.sizeFromShape(shape.slice(axis + 1))]);
}

/**
 * The derivative of a running product without division, hence right at zeros: with `x_k` replaced by 1 in row k of an
 * n x n copy, `dx_k = sum_i dy_i prod_{j <= i, j != k} x_j`.
 */
const cumprod: Gradient = {
  kernelName: 'Cumprod',
  inputsToSave: ['x'],
  gradFunc: (dy, [x], attributes) => ({
    x: () => {
      const axis = tf.util.parseAxisParam(attributes['axis'] as number, x!.shape)[0]!;
      const exclusive = attributes['exclusive'] as boolean;
      const reverse = attributes['reverse'] as boolean;
      const values = aroundAxis(x!, axis);
      const [outer, size, inner] = values.shape;
      const identity = tf.reshape(tf.eye(size), [1, size, size, 1]);
      const rows = tf.mul(tf.reshape(values, [outer, 1, size, inner]), tf.sub(1, identity));
      const products = tf.cumprod(tf.add(rows, identity), 2, exclusive, reverse);
      const index = tf.range(0, size, 1, 'float32');
      const [k, i] = [tf.reshape(index, [size, 1]), tf.reshape(index, [1, size])];
      const distance = reverse ? tf.sub(k, i) : tf.sub(i, k);
      // Output i depends on x_k when i is k or beyond, or strictly beyond for an exclusive product.
      const depends = tf.reshape(tf.step(tf.add(distance, exclusive ? -0.5 : 0.5)), [1, size, size, 1]);
      const weighted = tf.mul(tf.mul(products, depends), tf.reshape(aroundAxis(dy, axis), [outer, 1, size, inner]));
      return tf.reshape(tf.sum(weighted, 2), x!.shape);
    },
  }),
};

/** The product of the others, as exclusive running products from both ends. */
const prod: Gradient = {
  kernelName: 'Prod',
  inputsToSave: ['x'],
  gradFunc: (dy, [x], attributes) => ({
    x: () => {
      const shape = x!.shape;
      const axes = tf.util.parseAxisParam(attributes['axis'] as number | number[], shape);
      const kept = shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
      const order = [...shape.keys()].filter((axis) => !axes.includes(axis)).concat(axes);
      const count = tf.util.sizeFromShape(axes.map((axis) => shape[axis]!));
      const rows = tf.reshape(tf.transpose(x!, order), [-1, count]);
      const others = tf.mul(tf.cumprod(rows, 1, true, false), tf.cumprod(rows, 1, true, true));
      const ordered = tf.reshape(
        others,
        order.map((axis) => shape[axis]!),
      );
      const undo = order.map((_, axis) => order.indexOf(axis));
      return tf.mul(tf.transpose(ordered, undo), tf.reshape(dy, kept));
    },
  }),
};

export const arithmeticGradients: readonly Gradient[] = [pow, squaredDifference, cumsum, cumprod, prod];
